"""Fits a logistic: the chance that something holds, by its signals."""

import numpy as np
import numpy.typing as npt

Parameters = npt.NDArray[np.float64]


def fitted_logistic(
    signals: Parameters,
    holds: npt.NDArray[np.bool_],
    keep: float,
    shares: Parameters | None = None,
    least: float | None = None,
) -> tuple[float, Parameters]:
    """Return intercept and weights (k,) of the chance that each row of `signals` (n, k) holds.

    `keep` holds the weights small. `shares` (n,) is what each row counts, all of them 1 together; None: the same. No
    weight is below `least`, if that is given.
    """
    from scipy.optimize import minimize

    count = np.full(len(holds), 1 / len(holds)) if shares is None else shares

    def loss(parameters: Parameters) -> tuple[float, Parameters]:
        chance = 1 / (1 + np.exp(-(parameters[0] + signals @ parameters[1:])))
        told = np.where(holds, chance, 1 - chance)
        wrong = (chance - holds) * count
        slope = np.concatenate([[wrong.sum()], signals.T @ wrong + 2 * keep * parameters[1:]])
        return float(-(np.log(told + 1e-12) * count).sum() + keep * parameters[1:] @ parameters[1:]), slope

    width = signals.shape[1]
    bounds = [(None, None), *[(least, None)] * width]
    found = minimize(loss, np.zeros(width + 1), jac=True, method="L-BFGS-B", bounds=bounds).x
    return float(found[0]), found[1:]
