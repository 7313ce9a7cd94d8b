"""Slow, obviously right twins of the compiled engine, written from the definitions and never from its code.

`world` holds a network's reactions as plain rows, `events` gives every reaction an actor, `factors` folds them into the fourteen
aggregations, `strength` leads from there to a score, `score` goes all the way from a table of reactions. What the twins and the engine
are given: `worlds`, `models` and `tables` draw it with hypothesis, `small` has two invented networks with their model, `arrays` brings a
world to the engine.

The definitions, beyond section 5 of the design ("Factors: what the engine counts"):

Time
    A reaction's age is in microseconds, 0 ≤ age ≤ window. Its day is min(age · 90 // window, 89) and its week min(age · 13 // window, 12),
    both counted back from `as_of`.
Weight
    w = q / q(unknown), rounded to a multiple of 2^-30; a bootstrap replicate that drew an actor t times makes it t · w. Numbers below
    2^23 made of such weights are exact in floats, which the comparison Σ w ≥ h of the h-index needs.
Reactions
    A row of a named actor stands for n reactions, cut at 2^31. The named reactions of one person add up to at most 2^32 (weighted).
    Anonymous reactions to one (item, kind) at one time are cut at 2^40.
Items
    A reaction to nothing is one to the item "nothing, on that day": it counts for `acts`, never for `items`, `peak`, `h_index`.
Attention
    An actor's share of attention is c / (c + others). c is their reactions to the person in the slot; others is the mean `attention`
    where `given` is 0, else what they gave less their reactions (of the kinds in `any`) to this person, at least 0. So a further
    reaction of another kind to the same person never lowers it.
Anonymous reactions
    The i-th of every (item, kind) comes from the same unnamed actor #i, with w = 1 and q(unknown). Where those of one (item, kind) have
    several times, #i takes the i-th newest. For what is told day by day (`days`, `actor_days`) and week by week (`returning`) the
    numbering starts anew with each day and week. So one more reaction never lowers anything.
Any
    A slot is a kind, or `any`: all kinds together that have `in_any`. Views and follows have slots of their own and are no part of it.
"""
