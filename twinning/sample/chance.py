"""Chance that always falls the same way: invented data must be the same on every machine and every Python."""

from random import Random


class Chance:
    """A stream of choices that depends on its names alone. Everything rests on Random.random(), the one method that
    Python promises to keep, so that neither a new Python nor another part of the sample changes what comes out."""

    def __init__(self, *names):
        self._next = Random("/".join(map(str, names))).random  # noqa: S311 (invented data, no secrets)

    def happens(self, probability):
        return self._next() < probability

    def number(self, low, high):
        """A whole number from `low` to `high`, both included."""
        return low + int(self._next() * (high - low + 1))

    def pick(self, things):
        return things[int(self._next() * len(things))]

    def weighted(self, weights):
        """A key of the dict `weights`, as often as its weight says."""
        left = self._next() * sum(weights.values())
        for thing, weight in weights.items():
            left -= weight
            if left < 0:
                return thing
        return thing

    def some(self, things, n):
        """`n` different ones of `things` (all of them when there are fewer), in chance order."""
        things = list(things)
        n = min(n, len(things))
        for i in range(n):
            j = self.number(i, len(things) - 1)
            things[i], things[j] = things[j], things[i]
        return things[:n]

    def shuffled(self, things):
        return self.some(things, len(things))
