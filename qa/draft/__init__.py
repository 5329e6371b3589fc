"""Drafters propose an answer in words of the articles; ``qa.cite`` decides what is shown.

A drafter is one file and one line in the table. It is opened with whoever gives the vectors of word pieces
(``qa.draft.likeness.TokenEmbedder``) and with the library's ``qa.draft.interface.Statistics``. A dotted name from outside works
as well.
"""

DRAFTERS = {
    "extractive": "qa.draft.extractive:Extractive",
    "lead": "qa.draft.baselines:Lead",
    "bm25": "qa.draft.baselines:Bm25",
    "everything": "qa.draft.baselines:Everything",
    "nothing": "qa.draft.baselines:Nothing",
}
"""Each drafter's name, as ``--model`` takes it, and its class."""
