"""A model's opinion of a claim, beside the rules' verdict."""

from __future__ import annotations

import pytest

from prompts import load
from qa.cite import Resolver, Scrutiny
from qa.draft.checked import Checked
from qa.draft.interface import Draft, DraftClaim, Reference
from qa.llm.interface import Reply
from qa.llm.scripted import Scripted
from qa.support.second import Second
from qa.types import Article, Claim, Dropped, Passage, Sentence, Usage
from vectorstore.types import Span

TEXT = "Ann Lee, who runs the old quay, said that the crane is closed until the second of May."
ARTICLE = Article("a", 1, TEXT, "", "/a", "The quay", None, None, None, None)
CITED = Sentence(ARTICLE, Span(0, len(TEXT)))
TRUE, HALF, FALSE = "Ann Lee said that the crane is closed.", "The crane is closed.", "Ann Lee said that the crane is open."


def second(*replies: str | Reply, told: list[str] | None = None) -> tuple[Second, Scripted]:
    model = Scripted(list(replies))
    return Second(model, load("check/v1"), (told if told is not None else []).append), model


def taken(claim: str, judge: Second, *, language: str | None = None, words: str = TEXT) -> Claim | Dropped:
    resolver = Resolver([CITED], "", Scrutiny(language, judge))
    return resolver.take(DraftClaim(claim, (Reference(0, words),)))


def test_the_model_is_shown_the_claim_and_its_sentence_as_data_and_asked_for_one_word() -> None:
    judge, model = second("supported")
    taken(TRUE, judge)
    ((system, user),) = model.asked
    assert f"[1] {TEXT}" in user.text
    assert f"Claim: {TRUE}" in user.text
    fence = user.text.splitlines()[0]
    assert fence in system.text
    assert user.text.count(fence) == 2


@pytest.mark.parametrize(("word", "verdict"), [("partly", "partly"), ("Supported.", "supported")])
def test_an_opinion_may_lower_a_verdict_to_partly_and_says_so(word: str, verdict: str) -> None:
    claim = taken(TRUE, second(word)[0])
    assert isinstance(claim, Claim)
    assert (claim.support, claim.why) == (verdict, "a model finds only a part of it there" if verdict == "partly" else "")


def test_what_the_model_calls_unsupported_is_dropped_with_that_reason() -> None:
    assert taken(TRUE, second("unsupported")[0]) == Dropped(TRUE, "a model does not find it there")


def test_an_opinion_never_raises_what_the_rules_doubt_or_reject() -> None:
    half = taken(HALF, second("supported")[0])
    assert isinstance(half, Claim)
    assert half.support == "partly"
    judge, model = second("supported")
    assert isinstance(taken(FALSE, judge), Dropped)
    assert not model.asked


def test_the_article_s_own_sentence_needs_no_opinion() -> None:
    judge, model = second()
    assert isinstance(taken(TEXT, judge), Claim)
    assert not model.asked


def test_in_another_language_alone_an_opinion_may_lift_to_supported() -> None:
    german = "Ann Lee hat gesagt, dass der Kran nicht in Betrieb ist."
    lifted, doubted = (taken(german, second(word)[0], language="German") for word in ("supported", "partly"))
    assert isinstance(lifted, Claim)
    assert isinstance(doubted, Claim)
    assert (lifted.support, lifted.why) == ("supported", "")
    assert (doubted.support, "another language" in doubted.why) == ("partly", True)


def test_the_first_token_s_probabilities_decide_where_there_are_some() -> None:
    first = (("supp", -0.9), ("un", -1.2), ("Uns", -1.2), ("yes", -0.1))
    assert second(Reply("supported", first=first))[0].opinion(TRUE, [CITED]).verdict == "unsupported"


@pytest.mark.parametrize("word", ["", "supported, partly", "It is supported", "yes"])
def test_any_other_reply_is_no_opinion_and_the_rules_verdict_stands_and_that_is_told_once(word: str) -> None:
    told: list[str] = []
    judge, _ = second(word, word, told=told)
    for _ in range(2):
        claim = taken(TRUE, judge)
        assert isinstance(claim, Claim)
        assert claim.support == "supported"
    assert len(told) == 1
    assert "the rules alone judge" in told[0]


def test_a_model_that_fails_leaves_it_to_the_rules_tells_it_once_and_is_not_asked_again_for_that_answer() -> None:
    told: list[str] = []
    judge, model = second(told=told)
    resolver = Resolver([CITED], "", Scrutiny(None, judge))
    claims, dropped = resolver.all([DraftClaim(TRUE, (Reference(0, TEXT),)), DraftClaim(HALF, (Reference(0, TEXT),))])
    assert [claim.support for claim in claims] == ["supported", "partly"]
    assert not dropped
    assert (len(model.asked), len(told)) == (1, 1)


def test_tokens_of_opinions_are_counted_and_the_record_s_prompt_names_theirs() -> None:
    judge, model = second("supported", "partly")
    resolver = Resolver([CITED], "", Scrutiny(None, judge))
    resolver.all([DraftClaim(TRUE, (Reference(0, TEXT),)), DraftClaim(HALF, (Reference(0, TEXT),))])
    sent = sum(len(message.text.split()) for asked in model.asked for message in asked)
    assert resolver.usage == Usage(sent, 2)
    assert Scrutiny(None, judge).prompts("summarize/v1@0") == f"summarize/v1@0+{judge.prompt}"
    assert judge.prompt.startswith("check/v1@")


class Once:
    """A drafter of one claim, which does not stream."""

    name, prompt = "once", "answer/v1@0"

    def draft(self, question: str, passages: list[Passage]) -> Draft:
        return Draft((CITED,), (DraftClaim(TRUE, (Reference(0, TEXT),)),), 0.9, None, Usage(1, 1))


def test_an_answer_of_a_checked_drafter_has_the_opinion_its_tokens_and_both_fingerprints() -> None:
    from qa.ask import Reading, answer

    judge, _ = second("partly")
    reading = Reading("What of it?", (Passage(ARTICLE, CITED.span, 0.0, (CITED.span,)),), 0.0)
    found = answer(reading, Checked(Once(), judge))
    assert found.claims[0].support == "partly"
    assert found.prompt == f"answer/v1@0+{judge.prompt}"
    assert found.usage.output_tokens == 2
