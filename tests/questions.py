"""Questions over ``samples/``: those it answers, each with words of the sentence that does, and those it only comes near."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Case:
    """One question and what an honest reader of the samples would point at."""

    question: str
    file: str
    """The file in ``samples/`` that answers it; for a near miss, the one that comes nearest."""
    words: str | None
    """Words found in one sentence of that file only, the one that answers; None for a near miss, which must not be answered."""


QUESTIONS = (
    Case("Who said the harbour crane was unsafe?", "wrenmouth-crane-warning.md", "I would not let my own crew stand under it"),
    Case("How many tonnes can the crane lift since 2011?", "wrenmouth-crane-correction.md", "limited to 40 tonnes since 2011"),
    Case("How many homes did the fire chief say were flooded?", "wrenmouth-flood-courier.md", "flooded 312 homes"),
    Case("How many homes were flooded according to the water authority?", "wrenmouth-flood-meridian.md", "About 190 homes"),
    Case("Who handed over Finland's accession document?", "finland-joins-nato.md", "Pekka Haavisto, handed"),
    Case("By how many minutes did NASA shorten the orbit of an asteroid?", "dart-shortens-orbit.md", "its orbit by 32 minutes"),
    Case("At what rate are kuna exchanged for euros?", "croatia-euro-schengen.md", "7.5345 kuna to one euro"),
    Case("Who proposed to charge tourists for visiting Notre-Dame?", "notre-dame-reopens.md", "Rachida Dati, proposed"),
    Case("What did Rena Lee say when the treaty was agreed?", "high-seas-treaty-agreed.txt", "The ship has reached the shore"),
    Case("When will the high seas treaty take effect?", "wire-notes.jsonl", "will take effect on 17 January 2026"),
    Case("For how long did the engine of Luna-25 fire?", "chandrayaan-lands-on-moon.txt", "127 seconds instead of"),
    Case("How much energy did the 192 laser beams deliver?", "fusion-ignition.txt", "2.05 megajoules to a target"),
    Case("How many deaths did Tedros say there had really been?", "covid-emergency-ends.html", "at least 20 million"),
    Case("What can breaking the bans on artificial intelligence cost a company?", "ai-act-vote.html", "35 million euros"),
    Case("How many dockers were injured by the crane?", "wrenmouth-crane-warning.md", None),
    Case("How many tanks did Finland give to Ukraine?", "finland-joins-nato.md", None),
    Case("How many soldiers does the Swedish army have?", "wire-notes.jsonl", None),
    Case("What did the spacecraft that struck Dimorphos cost?", "dart-shortens-orbit.md", None),
    Case("Which country voted against the high seas treaty?", "high-seas-treaty-agreed.txt", None),
    Case("What is the name of the astronaut aboard Chandrayaan-3?", "chandrayaan-lands-on-moon.txt", None),
)
