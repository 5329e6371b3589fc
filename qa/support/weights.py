"""The learned numbers of the support check.

Made by ``python tools/train_support.py CLAIMS.jsonl --write``; do not edit by hand. Each is the weight of the feature
it is named after; the empty name is the intercept.
"""

WEIGHTS: dict[str, float] = {
    "": 0.073,
    "cited_length": -0.092,
    "cover": 1.4,
    "date": -1.758,
    "fact": -0.037,
    "grave": -1.437,
    "hedge": 0.73,
    "last": 0.484,
    "length": 0.699,
    "lost": -0.143,
    "lost_many": -0.676,
    "lost_one": -0.837,
    "lost_rare": -0.202,
    "name": 0.279,
    "negation": -1.461,
    "number": -0.519,
    "only": -2.053,
    "opposite": -0.637,
    "order": -0.164,
    "pairs": -0.053,
    "quote": -0.493,
    "speaker": 0.327,
    "words": 0.479,
}
SUPPORTED = 0.61
"""From this probability on a claim without a flaw is supported."""
UNSUPPORTED = 0.110
"""Under this one a claim is unsupported, whatever the rules say."""
