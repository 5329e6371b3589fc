"""The evidence page in a real browser: it finds out by itself what was changed in it, and nothing in it can act."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.render.html import Place, Sheet, Statement, page
from qa.types import Article
from tests.processes import command
from tests.story.browser import CHROMIUM, Browser
from tests.story.conftest import environment
from vectorstore.types import Span

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")

CLOSES, SPOKE = "The harbour 👩\u200d🚀 closes on 3 May.", "“Safety first,” the mayor said."
TEXT = f"\ufeffHarbour\r\n\r\n😀 e\u0301 {CLOSES}\rIt opened\0 in 1911.\r\n\n{SPOKE} \u202eksrow\u202c \x1b[31m start in June.\n"
OTHER = "Cranes lift again.\n\nThe \u00a0crane was mended, a spokes\u00adman said."
PLANTED = (
    '<script>window.planted = 1</script><img src="{url}image" onerror="window.planted = 2"><iframe src="{url}frame"></iframe>'
    '<a href="javascript:window.planted = 3">\u202egnp.exe\u202c</a> <style>@import "{url}style";</style></script></div>\0\r'
)
Opened = Callable[..., Browser]


def article(id: str, text: str, url: str | None = "https://elin.example/a") -> Article:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Article(id, 1, text, digest, f"news/{id}.txt", f"About {id}", "Elin Post", url, "Ines Dahl", "2024-04-30")


def place(number: int, of: Article, quote: str) -> Place:
    start = of.text.index(quote)
    return Place(number, of, Span(start, start + len(quote)))


def sheet(planted: str = "") -> Sheet:
    """Three statements over two articles; the last rests on a quote of each."""
    harbour, cranes = article("harbour", TEXT.replace(SPOKE, SPOKE + planted)), article("cranes", OTHER)
    places = [place(1, harbour, CLOSES), place(2, harbour, SPOKE + planted), place(3, cranes, "The \u00a0crane was mended")]
    statements = [
        Statement(CLOSES, "The article’s own words", "good", (1,)),
        Statement(f"Safety came first. {planted}", "Only partly supported", "doubt", (2, 3)),
        Statement(f"Nobody said this. {planted}", "Not found", "bad", (), (planted,)),
    ]
    return Sheet("Answer", f"When does it close? {planted}", statements, places, facts=["extractive/1"])


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Opened:
    """Opens the page of a sheet, after ``edit`` has changed its file."""

    def open_page(shown: Sheet, edit: Callable[[str], str] = str, width: int = 1280) -> Browser:
        path = tmp_path / "evidence.html"
        path.write_bytes(edit(page(shown)).encode())
        browser.asked.clear()
        browser.open(path.as_uri(), width=width)
        return browser

    return open_page


def states(browser: Browser) -> dict[str, str]:
    """What the page says of each text, quote and claim, by its id."""
    listed = "[...document.querySelectorAll('.state')].map(one => [one.closest('[id]').id, one.dataset.state || 'none'])"
    return dict(browser.tell(listed))


def wrong(browser: Browser) -> set[str]:
    return {id for id, state in states(browser).items() if state != "good"}


def said(browser: Browser) -> str:
    return str(browser.tell("document.getElementById('result').innerText"))


EVERYTHING = {"article-1", "article-2", "quote-1", "quote-2", "quote-3", "said-1"}


def test_an_untouched_page_is_green_all_over(opened: Opened) -> None:
    browser = opened(sheet())
    assert states(browser) == dict.fromkeys(EVERYTHING, "good")
    assert said(browser).startswith("✓ Evidence intact: all 6 checks passed.")
    assert "2 texts hashed, 3 quotes looked up" in said(browser)


def once(old: str, new: str, after: str = "<body>") -> Callable[[str], str]:
    """Replaces the first ``old`` after ``after``."""

    def edit(text: str) -> str:
        at = text.index(old, text.index(after))
        return text[:at] + new + text[at + len(old) :]

    return edit


WHOLE, CARD, CARD_3 = 'id="article-1"', 'id="quote-1"', 'id="quote-3"'


@pytest.mark.parametrize(
    ("edit", "found"),
    [
        pytest.param(once("in 1911", "in 1912", WHOLE), {"article-1"}, id="a digit of the article"),
        pytest.param(once("June", "Jung", WHOLE), {"article-1"}, id="a letter of the article"),
        pytest.param(once("start in", "start  in", WHOLE), {"article-1"}, id="a blank of the article, behind its quotes"),
        pytest.param(once("Harbour", "Harbours", WHOLE), {"article-1", "quote-1", "quote-2"}, id="where all else stands in it"),
        pytest.param(once('<i data-code="d">␍</i>', "\n", WHOLE), {"article-1"}, id="a line's end of the article"),
        pytest.param(once("⟨U+202E⟩", "works", WHOLE), {"article-1"}, id="what is shown in a sign's place"),
        pytest.param(once("mended", "bended", 'id="article-2"'), {"article-2", "quote-3"}, id="the words cited, in the article"),
        pytest.param(once("3 May", "8 May", CARD), {"quote-1", "said-1"}, id="a digit of a quote"),
        pytest.param(once("crane was", "crаne was", CARD_3), {"quote-3"}, id="a letter of a quote for one that looks like it"),
        pytest.param(once("was ", "was not ", CARD_3), {"quote-3"}, id="a word put into a quote"),
        pytest.param(once("a spokes", "A spokes", CARD_3), {"quote-3"}, id="a letter beside a quote"),
        pytest.param(once("</mark>", "", CARD_3), {"quote-3"}, id="where a quote ends"),
        pytest.param(once('class="start">', 'class="start">1', CARD_3), {"quote-3"}, id="a quote's place"),
        pytest.param(once("3 May", "8 May", 'id="said-1"'), {"said-1"}, id="a claim that is a quote"),
        pytest.param(
            lambda text: re.sub(r'(class="digest">)(.)', lambda m: m[1] + ("0" if m[2] != "0" else "1"), text, count=1),
            {"article-1"},
            id="a digit of a digest",
        ),
    ],
)
def test_one_change_turns_red_what_was_changed_and_nothing_else(
    opened: Opened, edit: Callable[[str], str], found: set[str]
) -> None:
    browser = opened(sheet(), edit)
    assert wrong(browser) == found
    assert said(browser).startswith(f"✗ Evidence damaged: {len(found)} of 6 checks failed.")
    links = browser.tell("[...document.querySelectorAll('#result a')].map(one => one.hash.slice(1))")
    assert {link.replace("statement-", "said-") for link in links} == found
    red = browser.tell("[...document.querySelectorAll('.state[data-state=bad]')].map(one => one.innerText[0]).join('')")
    assert red == "✗" * len(found), "a sign and not a colour alone"


def test_the_digest_is_right_for_a_text_of_any_length(opened: Opened) -> None:
    lengths = [1, 3, 54, 55, 56, 57, 63, 64, 65, 119, 120, 127, 128, 1000, 1_000_003]
    cited = [Place(number, article(f"n{size}", "ä" + "x" * (size - 1)), Span(0, 1)) for number, size in enumerate(lengths, 1)]
    statement = Statement("All.", "Supported", "good", tuple(range(1, len(cited) + 1)))
    browser = opened(Sheet("Answer", "?", [statement], cited))
    assert wrong(browser) == set()
    assert len(states(browser)) == 2 * len(lengths)


def test_without_its_script_the_page_says_that_nothing_was_re_checked_and_shows_all_the_same(
    browser: Browser, tmp_path: Path
) -> None:
    path = tmp_path / "evidence.html"
    path.write_text(page(sheet()).replace("(() => {", "(() => { return;", 1), encoding="utf-8")
    browser.open(path.as_uri())  # the script no longer has the digest that the policy names
    assert set(states(browser).values()) == {"none"}
    assert said(browser).startswith("Not re-checked.")
    assert browser.tell("document.querySelector('.state').innerText") == "not re-checked"
    assert browser.tell("document.querySelectorAll('.passage mark').length") == 3


def test_law_9_a_planted_script_is_words_and_no_request_leaves(opened: Opened, outside: tuple[str, list[str]]) -> None:
    browser = opened(sheet(PLANTED.format(url=outside[0])))
    browser.tell("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert states(browser) == dict.fromkeys(EVERYTHING, "good")
    assert browser.tell("typeof window.planted") == "undefined"
    assert browser.tell("document.querySelectorAll('img, iframe, object, link, a[href^=javascript]').length") == 0
    assert browser.tell("document.scripts.length") == 1
    assert "⟨U+202E⟩gnp.exe" in browser.tell("document.querySelector('#article-1 .words').innerText")
    assert not [address for address in browser.asked if not address.startswith("file:")]
    assert outside[1] == []


def test_the_policy_refuses_what_a_script_would_fetch_or_bring_in(opened: Opened, outside: tuple[str, list[str]]) -> None:
    browser = opened(sheet())
    assert browser.tell(f"fetch('{outside[0]}fetched').then(() => 'went out', () => 'refused')") == "refused"
    made = "const made = document.createElement('script'); made.textContent = 'window.planted = 4'; document.body.append(made)"
    browser.tell(f"{{{made}}}")
    assert browser.tell("typeof window.planted") == "undefined"
    planted = opened(sheet(), once("<main>", f'<main><img src="{outside[0]}" onerror="window.planted = 5">'))
    planted.wait("document.images[0].complete")
    assert planted.tell("typeof window.planted") == "undefined"
    assert outside[1] == []


def test_the_keyboard_leads_from_a_quote_to_its_place_in_the_whole_text(opened: Opened) -> None:
    browser = opened(sheet())
    assert browser.tell("document.querySelector('#article-2 details').open") is False
    browser.tell("document.querySelector('#quote-3 .whereabouts a').focus()")
    browser.press("Enter", "\r")
    browser.wait("document.querySelector('#article-2 details').open")
    seen = "document.querySelector('#article-2 mark').getBoundingClientRect()"
    browser.wait(f"{seen}.top >= 0 && {seen}.bottom <= innerHeight")


def test_a_reader_that_does_not_see_is_told_what_everything_is(opened: Opened) -> None:
    browser = opened(sheet())
    browser.send("Accessibility.enable")
    nodes = browser.send("Accessibility.getFullAXTree")["nodes"]
    known = {(one["role"]["value"], one.get("name", {}).get("value", "").strip()) for one in nodes if not one.get("ignored")}
    roles = [role for role, _ in known]
    assert {"main", "banner", "contentinfo", "status", "mark", "blockquote"} <= set(roles)
    assert ("heading", "The articles, whole") in known
    assert ("link", "Skip to what was said") in known
    assert any(role == "article" and name.startswith("The harbour") for role, name in known)
    assert ("article", "About cranes") in known


@pytest.mark.parametrize("width", [320, 400, 800, 1280])
def test_nothing_is_wider_than_the_screen(opened: Opened, width: int) -> None:
    browser = opened(sheet("n" * 300 + " <wide>"), width=width)
    browser.tell("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert browser.tell("document.documentElement.scrollWidth") <= width


def test_a_paragraph_is_set_in_its_own_direction(opened: Opened) -> None:
    of = article("arabic", "قال الوزير نعم.\r\n\r\nThe minister said yes.")
    browser = opened(
        Sheet("Answer", "?", [Statement("a", "b", "good", (1, 2))], [place(1, of, "قال"), place(2, of, "The minister")])
    )
    inset = """
        [...document.querySelectorAll('.passage .words')].map(one => {
          const words = one.getBoundingClientRect(), around = one.parentElement.getBoundingClientRect();
          return [words.left - around.left, around.right - words.right].map(Math.round);
        })
    """
    (arabic_left, arabic_right), (english_left, english_right) = browser.tell(inset)
    assert arabic_right < 5 < 100 < arabic_left
    assert english_left < 30 < 100 < english_right
    assert wrong(browser) == set()


CONTRAST = """
(() => {
  const channels = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = node => {
    for (; node; node = node.parentElement) {
      const color = channels(getComputedStyle(node).backgroundColor);
      if (color.length < 4 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  const ratios = [...document.querySelectorAll('body *')]
    .filter(node => [...node.childNodes].some(one => one.nodeType === 3 && one.data.trim()) && node.tagName !== 'SCRIPT')
    .map(node => {
      const [one, two] = [channels(getComputedStyle(node).color), behind(node)].map(light).sort((a, b) => b - a);
      return [(one + 0.05) / (two + 0.05), node.className || node.tagName];
    });
  return ratios.sort((a, b) => a[0] - b[0])[0];
})()
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("edit", [str, once("3 May", "8 May", WHOLE)], ids=["green", "red"])
def test_words_stand_out_from_what_is_behind_them_in_light_and_in_dark(
    opened: Opened, scheme: str, edit: Callable[[str], str]
) -> None:
    browser = opened(sheet(), edit)
    browser.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    browser.tell("document.querySelectorAll('details').forEach(one => { one.open = true })")
    ratio, what = browser.tell(CONTRAST)
    assert ratio >= 4.5, what  # WCAG 2.2, criterion 1.4.3


def test_on_paper_there_are_no_buttons_and_every_quote(opened: Opened) -> None:
    browser = opened(sheet())
    browser.send("Emulation.setEmulatedMedia", media="print")
    assert browser.tell("getComputedStyle(document.querySelector('.source details')).display") == "none"
    assert browser.tell("[...document.querySelectorAll('.passage')].every(one => one.offsetHeight > 50)") is True
    browser.send("Emulation.setEmulatedMedia", media="")


def test_the_page_that_the_command_line_prints_is_green(browser: Browser, sample_home: Path, tmp_path: Path) -> None:
    for name, *arguments in (
        ("ask", "ask", "Who said the harbour crane was unsafe?"),
        ("about", "summarize", "--about", "the flood in Wrenmouth"),
    ):
        path = tmp_path / f"{name}.html"
        done = command(*arguments, "--format", "html", environment=environment(sample_home))
        path.write_text(done.out, encoding="utf-8", newline="")
        browser.open(path.as_uri())
        assert said(browser).startswith("✓ Evidence intact")
        assert "good" in states(browser).values()
        assert wrong(browser) == set()
    assert os.fspath(sample_home) not in done.out, "a page that travels names no folder of this machine"
