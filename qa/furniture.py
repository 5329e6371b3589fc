"""What stands in an article's text and is not its prose: by-lines, dates, credits, "read more" lines.

The text stays as it is; furniture is only left out of what may be quoted as an answer or in a summary. Each rule would rather
miss a line than take a sentence for one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.agencies import agency
from qa.text import front_matter
from vectorstore.types import Span

_LONGEST = 320
"""Code points of a line that may be furniture."""
_EDGE = 8
"""Sentences at the beginning and at the end among which a by-line, a credit or a date may stand."""
_LONGEST_BYLINE = 120
_BYLINE = re.compile(r"by:?\s+(.+)", re.IGNORECASE)
_BYLINE_ABROAD = re.compile(
    r"(?:Von|Par|Por) [A-ZÀ-Ý][\w'’-]+(?: (?:d[aeiou]s? |von |van )?[A-ZÀ-Ý][\w'’-]+){1,3}(?:[,|].{2,40})?"
)
_CREDITED = re.compile(r"\s*(?:[|;•·]|\s[–—-]\s|\s(?:for|in|at)\s).*")
_PARTICLES = frozenset("al and & bin da de del der di dos du el ibn la le ter van von y".split())
_CALENDAR = """
    january february march april may june july august september october november december jan feb mar apr jun jul aug sept sep
    oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tues tue wed thurs thur thu fri sat sun
    januar februar märz mai juni juli oktober dezember montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag
    janvier février mars avril juin juillet août septembre octobre novembre décembre
    lundi mardi mercredi jeudi vendredi samedi dimanche
    enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre
    lunes martes miércoles jueves viernes sábado domingo
    janeiro fevereiro março maio junho julho setembro outubro novembro dezembro
    segunda-feira terça-feira quarta-feira quinta-feira sexta-feira
    gennaio febbraio aprile maggio giugno luglio settembre ottobre novembre dicembre
    lunedì martedì mercoledì giovedì venerdì sabato domenica
    januari februari maart mei augustus maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
""".split()
_AROUND_DATES = """
    first originally last published posted updated modified issued date veröffentlicht aktualisiert stand publié publicado
    actualizado atualizado pubblicato aggiornato gepubliceerd bijgewerkt on at the uhr um am den le à de às a las alle il el em
    gmt utc bst cet cest edt est cdt cst mdt mst pdt pst eet eest ist
""".split()
_STAMP = re.compile(
    rf"(?>(?:{'|'.join([*_CALENDAR, *_AROUND_DATES])})\b|"
    r"\d[\d.:/T+-]*(?:st|nd|rd|th|h|Z)?\b|[ap]\.?m\b\.?|[|·•,;:()–—. \u00a0-])++",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+")
_YEAR = re.compile(r"\b(?:1[6-9]|20)\d\d\b")


def _one_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_LINE = _one_of(
    r"advertisements?|anzeige|werbung|publicité|publicidad|publicidade|pubblicità|reklama|реклама",
    r"comments?(?: \(\d+\))?|share this(?: article| story)?|most (?:read|popular)|editors.? picks|more on this:?|don.t miss",
    r"you may also like\W*|recommended(?: for you)?|related(?: stories| articles| content)?:?|sources?:?|external links:?",
    r"(?:filed under|tags?|topics?|reading time|tempo de leitura|lesezeit):.*",
    r"(?:story|article) continues below.*|\d\d? min(?:ute)? read",
)
"""What only counts where it is a whole line."""
_CREDIT = _one_of(
    r"(?:photo|image|picture|photograph|video|graphic)s?(?: credit| courtesy| by)?: ?[^.!?]{2,80}[.)]?",
    r"(?:foto|bild|imagen|imagem|immagine|beeld)s?: ?[^.!?]{2,80}[.)]?",
    r"(?:source|quelle|fuente|fonte|bron)s?: [^.!?:]{2,60}",
)
"""Likewise."""
_ANYWHERE = _one_of(
    r"(?:©|\(c\) ?(?=[12]\d\d\d)|copyright (?=©|\(c\)|[12]\d\d\d|by )).{2,160}|.{0,120}\ball rights reserved\.?",
    r"(?:this material|this article|this story|it) may not be (?:published|reproduced|broadcast)\b.*",
    r"(?:read|see) (?:more|also)(?: (?:on|from|in|about|at)\b[^:]{0,40})?:.*",
    r"(?:also read|read next|further reading|related|more from [^:]{2,40}|watch|listen|in pictures):.*",
    r"(?:lesen sie auch|mehr zum thema|(?:à )?lire aussi|le[ae] también|leia (?:também|mais)|leggi anche):.*",
    r"(?:lees ook|читайте также):.*",
    r"(?:click|tap) here (?:to|for)\b.*|share (?:this|your thoughts|on (?:twitter|facebook|x|whatsapp))\b.*",
    r"(?:sign up|subscribe|register)\b.{0,160}\b(?:newsletters?|inbox|alerts|today|podcast|channel|daily|weekly|free)\b.*",
    r"(?:get|receive)\b.{0,120}\b(?:inbox|newsletters?)\b.*",
    r"(?:follow|like|find|join)\b.{0,80}\bon (?:twitter|facebook|instagram|x|youtube|telegram|whatsapp|linkedin|tiktok)\b.*",
    r"(?:e-?mail|contact|write to|reach)\b.{0,60}\S@\S+\.\w+.*|(?:have|got) a (?:news )?(?:tip|story)\b.*",
    r"(?:tell us|let us know) what you think\W*|like this story\?.*",
)
_STAFF = re.compile(
    r"[(\[—–-]?\s*(?:(?:[Aa]dditional|[Ww]ith) )?"
    r"(?i:reporting|reported|writing|written|editing|edited|compiled|translat(?:ion|ed)|"
    r"produced)(?: and (?:writing|editing|reporting))? by [A-ZÀ-Ž].{2,200}|"
    r"[A-ZÀ-Ž].{2,240}\bcontributed (?:reporting|to this (?:report|story|article))\b.{0,60}|"
    r"[Ww]ith (?:files|(?:additional )?reporting) from .{2,100}"
)


def prose(text: str, spans: Sequence[Span], title: str = "", within: Span | None = None) -> tuple[Span, ...]:
    """Those of the sentences ``spans`` of a whole text, or of those ``within`` a part of it, that may be quoted.

    That is without front matter, furniture, and a headline (``title``) that is repeated. Where nothing of the whole text would
    be left, all may be.
    """
    body = [span for span in spans if span.start >= front_matter(text)]
    part = within or Span(0, len(text))
    inside = [at for at, span in enumerate(body) if part.start <= span.start and span.end <= part.end]
    quotable = (at for at in range(len(body)) if not _left_out(text, body, at, title))
    kept = tuple(body[at] for at in inside if not _left_out(text, body, at, title))
    return kept if kept or next(quotable, None) is not None else tuple(body[at] for at in inside)


def is_furniture(line: str, *, edge: bool) -> bool:
    """Whether ``line``, which stands alone, is no prose; ``edge``: near the beginning or the end of its article."""
    bare = line.strip().strip("*_").strip()
    if not bare or len(bare) > _LONGEST:
        return False
    if _LINE.fullmatch(bare) or _ANYWHERE.fullmatch(bare) or _CREDIT.fullmatch(bare):
        return True
    if not edge:
        return False
    dated = _YEAR.search(bare) and len(_NUMBER.findall(bare)) > 1 and _STAMP.fullmatch(bare)
    return bool(dated or _STAFF.fullmatch(bare) or _BYLINE_ABROAD.fullmatch(bare) or byline(bare) or agency(bare))


def byline(line: str) -> str | None:
    """Who an English by-line names; None where ``line`` is none."""
    found = _BYLINE.fullmatch(line) if len(line) <= _LONGEST_BYLINE else None
    if found is None:
        return None
    names = _CREDITED.sub("", found.group(1)).strip("*_ ")
    first, comma, rest = names.partition(",")
    if comma and " and " not in rest:
        names = first
    words = names.replace(",", " ").split()
    named = all(word[0].isupper() or word in _PARTICLES for word in words) and not any(letter.isdigit() for letter in names)
    whole_name = not names.endswith(".") or words[-1] in ("Jr.", "Sr.")
    name = words and named and whole_name and words[-1] not in _PARTICLES and names.lower() not in _CALENDAR
    return names if name else None


def _left_out(text: str, body: Sequence[Span], at: int, title: str) -> bool:
    words = body[at].of(text)
    if len(words) > _LONGEST:
        return False
    if at < _EDGE and _same(words, title) and any(_same(one.of(text), title) for one in body[:at]):
        return True
    if _alone(text, body[at]):
        return is_furniture(words, edge=min(at, len(body) - 1 - at) < _EDGE)
    return bool(_ANYWHERE.fullmatch(words))


def _alone(text: str, span: Span) -> bool:
    """Whether the sentence is the whole of its line or lines."""
    before = text[text.rfind("\n", 0, span.start) + 1 : span.start]
    after = text[span.end : end if (end := text.find("\n", span.end)) >= 0 else len(text)]
    return not before.strip().strip("*_>") and not after.strip().strip("*_")


def _same(words: str, title: str) -> bool:
    one, two = (" ".join(re.findall(r"\w+", part.casefold())) for part in (words, title))
    return bool(one) and one == two
