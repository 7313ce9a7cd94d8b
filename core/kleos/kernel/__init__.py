"""The compiled engine: plain arrays in, plain arrays out. It knows no names, no files and no text.

Rows that are sorted (a roster's) go to `fold` at once. A population's come in any order: `records` deals them to parts that fit the
cache, `staging` sorts a part by network and person, `arrange` one person's rows by actor, and `parts` folds the part. The fold itself is
`named` (reactions whose actor is known) and `anonymous` (the others), which share `scratch`; `single` folds somebody with one row without
it. Then `aggregate` makes metrics and strength of factors, `odds` scores of strength. `scores` does both at once for sparse factors of
many people (with `weighing`, `batches`, `knots` and `approximate`). `sorting` is the one sort, `resample` draws the bootstrap's
multiplicities; `attention` (with `tiles` and `settle`) is the graph of who reacts to whom, for exploring influence to any accuracy.
`layout` tells what the arrays look like, and `unowned` spares compiled code the counting of their references. Importing a module of this
room imports numba.
"""
