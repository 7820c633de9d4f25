"""Attribution computed a second time, by the definitions of the models and in floats."""

import math

from integration.model.vocabulary import AttributionModel as Model


def by_other_means(touches, outcome, rule):
    """In floats, by the definitions of the models: what each touch gets, as it would be done on paper."""
    seen = {}
    for one in touches:
        age = (outcome - one.at).total_seconds() / 86_400
        if not one.is_machine and age >= 0 and (rule.window_days == 0 or age <= rule.window_days):
            seen[one.key] = max(age, seen.get(one.key, -1.0))
    order = sorted(seen, key=lambda key: (-seen[key], key))
    n, got = len(order), dict.fromkeys(order, 0.0)
    if n == 0:
        return {}
    if rule.model is Model.FIRST:
        got[order[0]] = 1.0
    elif rule.model is Model.LAST:
        got[order[-1]] = 1.0
    elif rule.model is Model.LINEAR:
        got = dict.fromkeys(order, 1 / n)
    elif rule.model is Model.DECAY:
        logs = {key: -math.log(2) * seen[key] / float(rule.half_life_days) for key in order}
        top = max(logs.values())
        total = math.fsum(math.exp(log - top) for log in logs.values())
        got = {key: math.exp(log - top) / total for key, log in logs.items()}
    elif n == 1:
        got[order[0]] = 1.0
    else:
        f, z = float(rule.first), float(rule.last)
        rest = 1 - f - z
        if n == 2:
            f, z, rest = (f / (f + z), z / (f + z), 0.0) if f + z > 0 else (0.5, 0.5, 0.0)
        for place, key in enumerate(order):
            got[key] = f if place == 0 else z if place == n - 1 else rest / (n - 2)
    return got
