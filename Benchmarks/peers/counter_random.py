"""The program's counter-based random numbers (`CounterRandom`), to repeat what it drew."""

import math

MASK = (1 << 64) - 1
LATENT_STREAM = 0x6C6174656E74
ITERATION_STREAM = 1


def finalize(z: int) -> int:
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


class CounterRandom:
    def __init__(self, seed: int, *streams: int):
        self.state = finalize((seed + 0x9E3779B97F4A7C15) & MASK)
        for position, stream in enumerate(streams):
            tagged = finalize((stream + (position + 1) * 0xD1B54A32D192ED03) & MASK)
            self.state = finalize(self.state ^ tagged)
        self.spare = None

    def next(self) -> int:
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        return finalize(self.state)

    def uniform(self) -> float:
        return (self.next() >> 11) * 2.0**-53

    def below(self, bound: int) -> int:
        """Swift's `next(upperBound:)`, for a power of two."""
        return (self.next() * bound) >> 64

    def normal(self) -> float:
        if self.spare is not None:
            value, self.spare = self.spare, None
            return value
        radius = math.sqrt(-2 * math.log(1 - self.uniform()))
        angle = 2 * math.pi * self.uniform()
        self.spare = radius * math.sin(angle)
        return radius * math.cos(angle)

    def normals(self, count: int) -> list[float]:
        return [self.normal() for _ in range(count)]
