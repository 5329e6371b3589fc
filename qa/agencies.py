"""News agencies: by what names articles credit them, and whom an article credits."""

from __future__ import annotations

import re

_NAMES = """
AP: Associated Press, The Associated Press, AP News, A.P.
Reuters: Thomson Reuters, Reuters News
AFP: Agence France-Presse, Agence France Presse
dpa: Deutsche Presse-Agentur, DPA International
PA Media: Press Association, PA News Agency
UPI: United Press International
PTI: Press Trust of India
ANI: Asian News International, ANI News
IANS: Indo-Asian News Service
EFE: Agencia EFE, EFE News
ANSA: Agenzia ANSA
AAP: Australian Associated Press
The Canadian Press: Canadian Press, CP, La Presse canadienne
Xinhua: Xinhua News Agency, Xinhuanet
Kyodo: Kyodo News
Yonhap: Yonhap News Agency, Yonhap News
TASS: ITAR-TASS
Interfax: Interfax-Ukraine
RIA Novosti: РИА Новости
Anadolu: Anadolu Agency, Anadolu Ajansı
Belga: Agence Belga
ANP: Algemeen Nederlands Persbureau
APA: Austria Presse Agentur
Keystone-SDA: Keystone-ATS, SDA, ATS
NTB: Norsk Telegrambyrå
TT: TT Nyhetsbyrån
Ritzau: Ritzaus Bureau
STT: Suomen Tietotoimisto
PAP: Polska Agencja Prasowa
ČTK: CTK, Czech News Agency
Lusa: Agência Lusa
Agência Brasil: Agencia Brasil
Europa Press: Europapress
Bernama: Bernama News Agency
PR Newswire: PRNewswire
Business Wire: BusinessWire
GlobeNewswire: GLOBE NEWSWIRE
Bloomberg: Bloomberg News
"""
_USUAL = {
    name.strip(): usual.strip()
    for line in _NAMES.strip().splitlines()
    for usual, _, others in [line.partition(":")]
    for name in (usual, *others.split(","))
}
_ANY_CASE = {name.casefold(): usual for name, usual in _USUAL.items() if len(name) > 4}
_PARTS = re.compile(r"\s*[;,/|]\s*|\s+(?:and|of|for|with|via|und|et|y)\s+")
_DATELINE = re.compile(r"^[^\n.!?]{0,80}?[(/]([^()/\n]{2,40})[)/]\s*(?:--|[—–:-])", re.MULTILINE)
_TOP = 600
"""Code points within which a dateline stands."""
_LAST_LINE = 100
_LEADING = re.compile(
    r"^[\s(\[—–*_-]*(?:(?:source|credit|with files from|from|quelle|fuente|fonte|bron)s?:?\s+)?(?:the (?=A))?", re.IGNORECASE
)


def agency(words: str) -> str | None:
    """The usual name of the agency that ``words`` are the name of; None where they are not one's. ``ap`` is none's, ``AP`` is."""
    bare = words.strip(" \t.:()[]*_—–-©")
    return _USUAL.get(bare) or _ANY_CASE.get(bare.casefold())


def credit(author: str | None, text: str) -> str | None:
    """The agency that the by-line, the dateline or the last line gives the article to, by its usual name; None for none."""
    named = (agency(part) for part in _PARTS.split((author or "")[:_TOP]))
    datelines = (agency(_PARTS.split(found.group(1))[0]) for found in _DATELINE.finditer(text[:_TOP]))
    last = text.rstrip().rpartition("\n")[2]
    signed = [agency(part) for part in _PARTS.split(_LEADING.sub("", last))] if len(last) <= _LAST_LINE else []
    return next((name for group in (named, datelines, signed) for name in group if name), None)
