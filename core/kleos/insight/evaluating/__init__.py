"""How good a model is, measured on data of the user's own.

`asking` answers from a configuration. Three questions: `spread` (does the order foretell the next window?), `pairs` (do people agree with
it?) and `calibration` (does the score mean what the model promises?). `measures` and `baselines` are functions of plain arrays; `gathered`
holds a population's reactions, ready to be cut where one likes.
"""
