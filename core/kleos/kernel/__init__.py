"""The compiled engine: plain arrays in, plain arrays out. It knows no names, no files and no text.

`fold` turns reactions into factors, `aggregate` factors into metrics and strength, `odds` strength into odds and scores, `resample`
draws the bootstrap's multiplicities. Importing a module of this room imports numba.
"""
