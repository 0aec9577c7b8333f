"""How near a passage comes to each token of a question, by the vectors of their tokens (late interaction)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from retrieval.embedding.record import TOKEN_SCALE, TokenVectors

_WEAK = 4  # the weakest tokens are this part of all


@dataclass(frozen=True, slots=True)
class TokenMatches:
    """The cosines (t, n) of the t tokens of a question to the n tokens of a passage."""

    cosines: npt.NDArray[np.float32]

    @classmethod
    def between(cls, asked: npt.NDArray[np.float32], passage: TokenVectors) -> "TokenMatches":
        """Compare the token vectors of a question (t, d) with those of a passage (n, d) as they are stored."""
        return cls(asked @ passage.T.astype(np.float32) / np.float32(TOKEN_SCALE))

    @property
    def best(self) -> npt.NDArray[np.float32]:
        """The best cosine (t,) of each token of the question; 0 where the passage has no tokens."""
        if not self.cosines.size:
            return np.zeros(len(self.cosines), dtype=np.float32)
        best: npt.NDArray[np.float32] = self.cosines.max(axis=1)
        return best

    @property
    def nearness(self) -> float:
        """The mean of `best`, the score of late interaction (Khattab and Zaharia 2020, arXiv 2004.12832); 0 of none."""
        return float(self.best.mean()) if len(self.cosines) else 0.0

    def within(self, places: Sequence[int]) -> float:
        """Return the nearness of some tokens of the passage alone, by their places; 0 of none."""
        if not len(places) or not len(self.cosines):
            return 0.0
        return float(self.cosines[:, places].max(axis=1).mean())

    @property
    def weakest(self) -> float:
        """The mean of the lowest quarter of `best`: how near it comes to what it says least about; 0 of none."""
        if not len(self.cosines):
            return 0.0
        return float(np.sort(self.best)[: max(1, len(self.cosines) // _WEAK)].mean())
