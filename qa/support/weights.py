"""The learned numbers of the support check.

Made by ``python tools/train_support.py CLAIMS.jsonl --write``; do not edit by hand. Each is the weight of the feature
it is named after; the empty name is the intercept.
"""

WEIGHTS: dict[str, float] = {
    "": 0.047,
    "cited_length": 0.036,
    "cover": 0.879,
    "date": -1.668,
    "fact": -0.185,
    "grave": -1.118,
    "hedge": 0.771,
    "last": 0.5,
    "length": 0.383,
    "lost": -0.652,
    "lost_many": -0.495,
    "lost_one": -0.774,
    "lost_rare": -0.159,
    "name": 0.166,
    "negation": -1.232,
    "number": -0.492,
    "only": -1.941,
    "opposite": -0.837,
    "order": -0.311,
    "pairs": 0.105,
    "quote": -0.594,
    "speaker": 0.22,
    "words": 0.416,
}
SUPPORTED = 0.54
"""From this probability on a claim without a flaw is supported."""
UNSUPPORTED = 0.139
"""Under this one a claim is unsupported, whatever the rules say."""
