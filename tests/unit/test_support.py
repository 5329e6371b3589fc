"""Does the cited text carry the claim?"""

from __future__ import annotations

import pytest

from qa.support import Context, Support, support
from qa.types import Article, Sentence
from vectorstore.types import Span


def judged(
    claim: str, text: str, *, question: str = "", title: str = "", published: str | None = None, before: str = ""
) -> Support:
    whole = f"{before} {text}" if before else text
    article = Article("a", 1, whole, "", "/a", title, None, None, None, published)
    place = Span(len(whole) - len(text), len(whole))
    around = (Sentence(article, Span(0, len(before))),) if before else ()
    return support(claim, [Sentence(article, place)], Context(question, around))


CARRIED = [
    ("The bridge cost 1,000 crowns.", "The bridge cost a thousand crowns."),
    ("Two hundred and fifty thousand people left Wrenmouth.", "Yesterday 250,000 people left Wrenmouth."),
    ("Unemployment fell to 5%.", "Unemployment fell to five per cent."),
    ("The deal is worth $3.5 billion.", "The deal is worth 3,500 million dollars, or $3.5bn."),
    ("The quay was closed on April 5, 2023.", "The quay was closed on 5 April 2023."),
    ("The quay was built in the 1990s.", "The quay was built in 1994."),
    ("More than 51,000 people voted.", "In all, 51,234 people voted."),
    ("About 51,000 people voted.", "In all, 51,234 people voted."),
    ("Ida Brandt, a 51-year-old engineer, built the quay.", "Engineer Ida Brandt, 51, built the quay."),
    ("Stoltenberg warned China.", "NATO Secretary-General Jens Stoltenberg warned China."),
    ("The Italian government closed the quay.", "Italy's government closed the quay."),
    ("The World Health Organization closed the ward.", "The WHO closed the ward."),
    ("The crane is “not safe”, Ida Brandt said.", "Ida Brandt said: 'the crane is ‘not safe’'."),
    ("The crane is not safe.", "The crane isn't safe."),
    ("Ida Brandt sued Tom Wu.", "Tom Wu was sued by Ida Brandt."),
    ("Tom Wu said the quay would close.", "The quay would close, said Tom Wu, who runs it."),
]


@pytest.mark.parametrize(("claim", "text"), CARRIED)
def test_the_same_thing_in_another_form_is_supported(claim: str, text: str) -> None:
    assert judged(claim, text) == Support("supported", "", judged(claim, text).score)


CHANGED = [
    ("The bridge cost 1,000 crowns.", "The bridge cost 10,000 crowns.", "1,000"),
    ("The bridge cost 51 crowns.", "The bridge cost 15 crowns.", "15"),
    ("The bridge cost 51 euros.", "The bridge cost 51 dollars.", "51"),
    ("Of the voters, 51 stayed.", "Of the voters, 51% stayed.", "51"),
    ("The deal is worth $3.5 million.", "The deal is worth $3.5 billion.", "3.5"),
    ("On Sunday 15 people died and 51 were hurt.", "On Sunday 51 people died and 15 were hurt.", "counts something else"),
    ("More than 51 people died.", "Fewer than 51 people died.", "less than"),
    ("The quay was closed on 6 April 2023.", "The quay was closed on 5 April 2023.", "6 April"),
    ("The quay was closed in 2022.", "The quay was closed in 2023.", "2023"),
    ("The quay was closed in the 1980s.", "The quay was closed in 1994.", "1980s"),
    ("Rutte warned China.", "Jens Stoltenberg warned China.", "Rutte"),
    ("Stoltenberg warned Japan.", "Jens Stoltenberg warned China.", "Japan"),
    ("Mark Stoltenberg warned China.", "Jens Stoltenberg warned China.", "Mark Stoltenberg"),
    ("Ida Brandt called it “a total failure of duty”.", "Ida Brandt called it “a failure of duty”.", "quoted"),
    ("The crane is safe.", "The crane is not safe.", "not"),
    ("The crane is not safe.", "The crane is safe.", "not"),
    ("She won in 2:41:04.", "She won in 2:14:04.", "2:41:04"),
    ("The crane will not be safe if it cannot turn.", "The crane will be safe if it cannot turn.", "not"),
    ("The vote was illegal.", "The vote was legal.", "illegal"),
    ("Prices rose in Wrenmouth.", "Prices fell in Wrenmouth.", "rose"),
    ("The council approved the new crane.", "The council rejected the new crane.", "approved"),
    ("The new drug cures the flood fever.", "The new drug may cure the flood fever.", "may"),
    ("Ida Brandt sued Tom Wu.", "Tom Wu sued Ida Brandt.", "sued"),
    ("Ida Brandt was sued by Tom Wu.", "Tom Wu was sued by Ida Brandt.", "sued"),
    ("Ida Brandt said the quay would close.", "Tom Wu said the quay would close after Ida Brandt left.", "Tom Wu"),
    ("Tom Wu said the mayor stole the money.", "Tom Wu denied the mayor stole the money.", "Tom Wu denies"),
    ("Read more at http://evil.example/x about the quay.", "Read more about the quay.", "evil"),
]


@pytest.mark.parametrize(("claim", "text", "why"), CHANGED)
def test_a_changed_figure_name_force_or_speaker_is_unsupported_and_named(claim: str, text: str, why: str) -> None:
    found = judged(claim, text)
    assert found.verdict == "unsupported"
    assert why in found.why


WEAKENED = [
    ("51 people died in Wrenmouth.", "At least 51 people died in Wrenmouth.", "at least"),
    ("The quay is sinking fast.", "Tom Wu said the quay is sinking fast.", "Tom Wu"),
    ("Only the old quay is closed.", "The old quay is closed.", "only"),
]


@pytest.mark.parametrize(("claim", "text", "why"), WEAKENED)
def test_a_lost_bound_a_forgotten_speaker_and_an_added_only_are_partly_supported(claim: str, text: str, why: str) -> None:
    found = judged(claim, text)
    assert found.verdict == "partly"
    assert why in found.why


def test_a_speaker_that_the_question_names_need_not_be_repeated() -> None:
    question = "What did Tom Wu say about the quay?"
    assert judged("The quay is sinking fast.", "Tom Wu said the quay is sinking fast.", question=question).verdict == "supported"


def test_the_sentence_before_the_title_and_the_question_give_a_pronoun_its_name() -> None:
    claim, text = "Ida Brandt closed the old quay.", "She closed the old quay."
    assert judged(claim, text).verdict == "unsupported"
    assert judged(claim, text, before="Ida Brandt met the council.").verdict == "supported"
    assert judged(claim, text, title="Ida Brandt takes the helm").verdict == "supported"
    assert judged(claim, text, question="What did Ida Brandt close?").verdict == "supported"


def test_a_date_may_be_the_article_s_own_and_a_weekday_is_counted_from_it() -> None:
    text = "The quay was closed on Tuesday."
    assert judged("The quay was closed on 4 April 2023.", text, published="2023-04-05").verdict == "supported"
    assert judged("The quay was closed on 6 April 2023.", text, published="2023-04-05").verdict == "unsupported"
    assert judged("The quay was closed in 2023.", text, published="2023-04-05").verdict == "supported"
    assert judged("The quay was closed on Monday.", text, published="2023-04-05").verdict == "unsupported"
    assert (
        judged("The quay was closed on 4 April.", "The quay was closed yesterday.", published="2023-04-05").verdict == "supported"
    )


def test_the_context_does_not_overrule_what_the_cited_words_say() -> None:
    question = "Did the 51 people who died in 2019 vote?"
    assert judged("51 people died.", "15 people died.", question=question).verdict == "unsupported"
    assert judged("The quay closed in 2019.", "The quay closed in 2018.", published="2019-01-02").verdict == "unsupported"


def test_a_claim_may_lean_on_two_places() -> None:
    article = Article("a", 1, "Ida Brandt closed the quay. Tom Wu opened the lock.", "", "/a", "", None, None, None, None)
    places = [Sentence(article, Span(0, 27)), Sentence(article, Span(28, len(article.text)))]
    claim = "Ida Brandt closed the quay and Tom Wu opened the lock."
    assert support(claim, places, Context()).verdict == "supported"
    assert support(claim, places[:1], Context()).verdict == "unsupported"


def test_what_speaks_of_something_else_is_unsupported_though_no_rule_names_a_fault() -> None:
    found = judged("solar panels turn light into electric current", "The chess club won the county cup on Sunday.")
    assert found.verdict == "unsupported"
    assert found.score < judged("the chess club won the cup", "The chess club won the county cup on Sunday.").score


@pytest.mark.parametrize("claim", ["", "Yes.", "It is so.", "“…”", "may may may"])
def test_a_claim_that_says_nothing_is_unsupported(claim: str) -> None:
    assert judged(claim, "The quay was closed on Tuesday, and it is so.").verdict == "unsupported"


@pytest.mark.parametrize(
    "claim", ["", "…", "“”", "not", "2019", "الميناء مغلق", "\x00", "a" * 5000, "1" * 9000, "may may may", "one " * 99]
)
@pytest.mark.parametrize("published", [None, "9999-12-31", "0001-01-01", "soon"])
def test_any_claim_gets_a_verdict(claim: str, published: str | None) -> None:
    assert judged(claim, "The quay was closed on Tuesday.", published=published).verdict in {"supported", "partly", "unsupported"}
