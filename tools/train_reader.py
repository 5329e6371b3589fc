"""Trains the reader: a small transformer that points at the sentence, of a few, that answers a question, or at none.

    pip install torch scikit-learn tokenizers numpy
    python tools/train_reader.py --weights model.safetensors --reader FILE... --out reader.npz

``model.safetensors`` is the file of sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0), whose layers it begins with; its word
table stays as the bundled embedder has it, in 8 bits, so that both share it. Each ``--reader`` file holds questions with a
passage, its sentences and the gold ones. The same seed and steps give the same examples in the same order.

The model is a pointer (as in Seo et al. 2017, here with a place for "no answer" as in Devlin et al. 2019): a softmax over the
tokens of the sentences and over [CLS], which stands for none. A sentence's share is the sum over its tokens.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import build_minilm
import numpy as np
import torch
from reader_examples import Counter, Example, chosen, examples, read
from tokenizers import BertWordPieceTokenizer
from torch import Tensor, nn
from torch.nn import functional

LAYERS, HEADS, HIDDEN = 6, 12, 384
LENGTH = 224
"""Tokens of an example at most."""
QUESTION = 48
"""Tokens of a question at most."""
VOCABULARY = Path(__file__).parents[1] / "vectorstore" / "embedders" / "vocab.txt"


class Layer(nn.Module):
    """One transformer layer of BERT."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value, self.mix = (nn.Linear(HIDDEN, HIDDEN) for _ in range(4))
        self.inner, self.outer = nn.Linear(HIDDEN, 4 * HIDDEN), nn.Linear(4 * HIDDEN, HIDDEN)
        self.norm1, self.norm2 = nn.LayerNorm(HIDDEN, eps=1e-12), nn.LayerNorm(HIDDEN, eps=1e-12)

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        """Shape (batch, tokens, HIDDEN)."""
        batch, length, _ = hidden.shape
        heads = [one(hidden).view(batch, length, HEADS, -1).transpose(1, 2) for one in (self.query, self.key, self.value)]
        seen = functional.scaled_dot_product_attention(*heads, attn_mask=mask, dropout_p=0.0)
        mixed = self.mix(seen.transpose(1, 2).reshape(batch, length, HIDDEN))
        middle = self.norm1(hidden + functional.dropout(mixed, 0.05, self.training))
        outer = self.outer(functional.gelu(self.inner(middle)))
        return self.norm2(middle + functional.dropout(outer, 0.05, self.training))


class Reader(nn.Module):
    """Layers over frozen word vectors, and a pointer."""

    def __init__(self, tensors: dict[str, Any]) -> None:
        super().__init__()
        table = tensors["embeddings.word_embeddings.weight"]
        scale = np.maximum(np.abs(table).max(1, keepdims=True) / 127, np.finfo(np.float32).tiny)
        self.words = torch.tensor(np.rint(table / scale) * scale)
        places = tensors["embeddings.position_embeddings.weight"][:256] + tensors["embeddings.token_type_embeddings.weight"][0]
        self.places = torch.tensor(places)
        self.norm = [torch.tensor(tensors[f"embeddings.LayerNorm.{part}"]) for part in ("weight", "bias")]
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.point, self.none = nn.Linear(HIDDEN, 1), nn.Linear(HIDDEN, 1)
        for at, one in enumerate(self.layers):
            for name, module in _names(one):
                for part in ("weight", "bias"):
                    getattr(module, part).data = torch.tensor(tensors[f"encoder.layer.{at}.{name}.{part}"])

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Scores of the tokens, shape (batch, tokens), and of "none", shape (batch,)."""
        hidden = functional.layer_norm(self.words[ids] + self.places[: ids.shape[1]], (HIDDEN,), *self.norm, 1e-12)
        seen = mask[:, None, None, :].bool()
        for one in self.layers:
            hidden = one(hidden, seen)
        return self.point(hidden).squeeze(-1).float(), self.none(hidden[:, 0]).squeeze(-1).float()


def _names(layer: Layer) -> list[tuple[str, nn.Module]]:
    return [
        ("attention.self.query", layer.query), ("attention.self.key", layer.key), ("attention.self.value", layer.value),
        ("attention.output.dense", layer.mix), ("attention.output.LayerNorm", layer.norm1),
        ("intermediate.dense", layer.inner), ("output.dense", layer.outer), ("output.LayerNorm", layer.norm2),
    ]  # fmt: skip


@dataclass(frozen=True)
class Laid:
    """An example as numbers."""

    ids: list[int]
    home: list[int]
    """For each token its sentence, -1 outside."""
    gold: list[bool]
    """For each token whether its sentence is gold."""
    answer: list[bool]
    """For each token whether it is of the answer."""


def lay(example: Example, tokenizer: BertWordPieceTokenizer) -> Laid:
    """[CLS] question [SEP] title [SEP] sentences [SEP], cut at LENGTH."""
    question = tokenizer.encode(example.question, add_special_tokens=False).ids[:QUESTION]
    title = tokenizer.encode(example.title, add_special_tokens=False).ids[:32]
    ids = [101, *question, 102, *title, 102]
    home, answer = [-1] * len(ids), [False] * len(ids)
    for at, text in enumerate(example.text):
        encoded = tokenizer.encode(text, add_special_tokens=False)
        ids += encoded.ids
        home += [at] * len(encoded.ids)
        wanted = example.answer if example.answer and example.answer[0] == at else None
        answer += [bool(wanted) and start < wanted[2] and wanted[1] < end for start, end in encoded.offsets]  # type: ignore[index]
    ids, home, answer = [*ids[: LENGTH - 1], 102], [*home[: LENGTH - 1], -1], [*answer[: LENGTH - 1], False]
    return Laid(ids, home, [one in example.gold for one in home], answer)


def batches(laid: Sequence[Laid], size: int, draw: random.Random) -> Iterator[list[Laid]]:
    """For ever: batches of similar length, in random order."""
    while True:
        order = list(laid)
        draw.shuffle(order)
        for at in range(0, len(order) - 64 * size + 1, 64 * size):
            block = sorted(order[at : at + 64 * size], key=lambda one: len(one.ids))
            groups = [block[one : one + size] for one in range(0, len(block), size)]
            draw.shuffle(groups)
            yield from groups


def tensors_of(batch: Sequence[Laid]) -> list[Tensor]:
    """ids, mask, home, gold, answer; padded."""
    longest = max(len(one.ids) for one in batch)

    def padded(values: Sequence[Sequence[int]], fill: int) -> Tensor:
        return torch.tensor([[*one, *[fill] * (longest - len(one))] for one in values])

    return [
        padded([one.ids for one in batch], 0), padded([[1] * len(one.ids) for one in batch], 0),
        padded([one.home for one in batch], -1), padded([one.gold for one in batch], 0), padded([one.answer for one in batch], 0),
    ]  # fmt: skip


def loss_of(scores: Tensor, none: Tensor, home: Tensor, gold: Tensor, answer: Tensor) -> Tensor:
    """Minus the log of the share of the gold sentences (or of none), and a part of the same for the answer's tokens."""
    away = torch.finfo(torch.float32).min / 4
    inside = scores.masked_fill(home < 0, away)
    whole = torch.logsumexp(torch.cat([inside, none[:, None]], 1), 1)
    right = torch.logsumexp(scores.masked_fill(~gold.bool(), away), 1)
    empty = ~gold.bool().any(1)
    first = whole - torch.where(empty, none, right)
    exact = whole - torch.logsumexp(scores.masked_fill(~answer.bool(), away), 1)
    known = answer.bool().any(1)
    return (first + 0.3 * torch.where(known, exact, torch.zeros_like(exact))).mean()


def judge(model: Reader, laid: Sequence[Laid]) -> str:
    """How often the best sentence is gold, and how well "none" is told (AUROC)."""
    model.eval()
    hits, odds, able = [], [], []
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for at in range(0, len(laid), 16):
            part = sorted(laid[at : at + 16], key=lambda one: len(one.ids))
            ids, mask, home, _, _ = tensors_of(part)
            scores, none = model(ids, mask)
            for row, one in enumerate(part):
                shares = [
                    float(torch.logsumexp(scores[row][home[row] == number], 0)) - float(none[row])
                    for number in range(max(one.home) + 1)
                ]
                good = {number for number, yes in zip(one.home, one.gold, strict=True) if yes}
                odds.append(max(shares))
                able.append(bool(good))
                if good:
                    hits.append(int(np.argmax(shares)) in good)
    model.train()
    yes, no = np.array(odds)[np.array(able)], np.array(odds)[~np.array(able)]
    area = float((yes[:, None] > no[None, :]).mean()) if len(yes) and len(no) else math.nan
    return f"hit@1 {np.mean(hits):.3f} (n {len(hits)})  AUROC {area:.3f} (n {len(no)} none)"


def save(model: Reader, path: Path) -> None:
    """The learned numbers, by the names that build_minilm knows."""
    out = {f"pointer.{name}": value.detach().numpy() for name, value in model.point.named_parameters()}
    out |= {f"none.{name}": value.detach().numpy() for name, value in model.none.named_parameters()}
    for at, one in enumerate(model.layers):
        for name, module in _names(one):
            for part in ("weight", "bias"):
                out[f"encoder.layer.{at}.{name}.{part}"] = getattr(module, part).detach().numpy()
    np.savez(path, **out)


def main() -> None:
    """Reads, trains, tells how it goes, and writes the numbers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--reader", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    torch.manual_seed(given.seed)
    torch.set_num_threads(given.threads)
    tokenizer = BertWordPieceTokenizer(str(VOCABULARY), lowercase=True)
    kept, others = chosen(read(given.reader), given.seed)
    count = Counter(tokenizer)
    laid = [lay(one, tokenizer) for one in examples(kept, count, given.seed)]
    laid = [one for one in laid if max(one.home) >= 0]
    tests = [lay(one, tokenizer) for one in examples(others, count, given.seed)]
    empty = sum(not any(one.gold) for one in laid)
    print(f"{len(kept)} questions, {len(laid)} examples, {empty} of them without an answer", flush=True)
    model = Reader(build_minilm.weights(given.weights))
    head = [*model.point.parameters(), *model.none.parameters()]
    rest = [one for name, one in model.named_parameters() if not name.startswith(("point", "none"))]
    groups = [{"params": rest, "lr": given.rate}, {"params": head, "lr": given.rate * 5}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, betas=(0.9, 0.98))
    warm = given.steps // 20
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min((step + 1) / warm, max(1 - step / given.steps, 0.0)))
    began, total = time.time(), 0.0
    for step, batch in zip(range(1, given.steps + 1), batches(laid, given.batch, random.Random(given.seed)), strict=False):
        ids, mask, home, gold, answer = tensors_of(batch)
        with torch.autocast("cpu", torch.bfloat16):
            scores, none = model(ids, mask)
        loss = loss_of(scores, none, home, gold, answer)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        total += float(loss.detach())
        if step % 50 == 0:
            print(f"step {step} loss {total / 50:.3f} {step * given.batch / (time.time() - began):.1f} examples/s", flush=True)
            total = 0.0
        if step % 500 == 0 or step == given.steps:
            print(f"step {step} aside: {judge(model, tests)}", flush=True)
            save(model, given.out)


if __name__ == "__main__":
    main()
