"""The house rules, as tests."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

PACKAGES = ("qa", "prompts", "vectorstore")
FILE_LIMIT, FUNCTION_LIMIT = 300, 40
HOMES = {
    "chromadb": {"vectorstore/stores/chroma.py"},
    "chromadb_rust_bindings": {"vectorstore/stores/chroma.py"},
    "onnxruntime": {"vectorstore/embedders/minilm.py"},
    "tokenizers": {"vectorstore/embedders/minilm.py"},
    "feedparser": {"qa/ingest/feed.py"},
    "protego": {"qa/ingest/web_manners.py"},
    "trafilatura": {"qa/ingest/webpage.py"},
    "urllib3": {"qa/ingest/web.py", "qa/ingest/web_guard.py", "vectorstore/stores/server.py"},
    "pypdfium2": {"qa/ingest/pdf.py"},
    "pyarrow": {"qa/ingest/parquet.py"},
    "lxml": {"qa/ingest/markup.py"},
    "charset_normalizer": {"qa/ingest/decode.py"},
    "langchain": {"vectorstore/embedders/langchain.py", "qa/llm/langchain.py"},
    "langsmith": {"qa/llm/langchain.py"},
    "openai": {"vectorstore/embedders/langchain.py", "qa/llm/langchain.py"},
    "prompt_toolkit": {"qa/commands/session.py"},
    "nupunkt": {"qa/text.py"},
    "leather": {"qa/eval/plots.py"},
    "jinja2": {"qa/render/page/__init__.py"},
}
"""The one file of each heavy package; embeddings and chat have one each."""


def sources() -> Iterator[tuple[str, str]]:
    for package in PACKAGES:
        (folder,) = find_spec(package).submodule_search_locations  # type: ignore[union-attr]
        for path in sorted(Path(folder).rglob("*.py")):
            yield str(path.relative_to(Path(folder).parent)).replace(os.sep, "/"), path.read_text(encoding="utf-8")


def fresh(*code: str) -> str:
    done = subprocess.run([sys.executable, "-c", "\n".join(code)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(("name", "source"), list(sources()), ids=[name for name, _ in sources()])
def test_no_file_is_over_its_limit_and_no_function_over_hers(name: str, source: str) -> None:
    assert len(source.splitlines()) <= FILE_LIMIT
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            first = node.body[0]
            told = first.end_lineno - first.lineno + 1 if ast.get_docstring(node) and first.end_lineno else 0
            assert (node.end_lineno or 0) - node.lineno + 1 - told <= FUNCTION_LIMIT, f"{name}: {node.name}"


def test_a_heavy_package_is_imported_only_where_it_lives() -> None:
    for name, source in sources():
        for node in ast.walk(ast.parse(source)):
            imported = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            imported += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for module in imported:
                root = module.partition(".")[0]
                assert name in HOMES.get(root, {name}), f"{name} imports {module}"


def test_nothing_catches_everything_but_the_command_line() -> None:
    for name, source in sources():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ExceptHandler) and name != "qa/cli.py":
                caught = ast.unparse(node.type) if node.type else "everything"
                reraised = any(isinstance(inner, ast.Raise) and inner.exc is None for inner in ast.walk(node))
                assert reraised or caught not in {"everything", "Exception", "BaseException"}, f"{name}:{node.lineno}"


def test_law_8_help_imports_nothing_heavy() -> None:
    heavy = [*HOMES, "numpy", "rich", "sqlite3", "filelock", "platformdirs", "qa.wiring", "qa.library"]
    out = fresh(
        "import sys", "from qa.cli import run", "run(['--help'])", f"print([name for name in {heavy} if name in sys.modules])"
    )
    assert "Answers questions" in out
    assert out.strip().endswith("[]"), out.strip().splitlines()[-1]


def test_law_8_help_needs_no_home_and_makes_none(tmp_path: Path) -> None:
    environment = {**os.environ, "QA_HOME": str(tmp_path / "none"), "QA_LIMIT_MB": "broken", "HOME": str(tmp_path / "nobody")}
    for arguments in ([], ["--help"], ["ask", "--help"], ["--version"]):
        done = subprocess.run(
            [sys.executable, "-m", "qa", *arguments], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode in ((0,) if arguments else (0, 2)), done.stderr
    assert not list(tmp_path.iterdir())


def test_the_outbuildings_know_nothing_of_the_house() -> None:
    for name, source in sources():
        if not name.startswith("qa/"):
            assert not re.search(r"^\s*(from|import) qa\b", source, re.MULTILINE), name


def test_the_project_holds_no_path_of_one_machine() -> None:
    for name, source in sources():
        assert not re.search(r"/(?:home|Users|work|root|tmp)/\w", source), name
