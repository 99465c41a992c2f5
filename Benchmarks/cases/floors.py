"""Floors: what this machine would need if it did nothing but the work that cannot be left out."""


def multiplication_gflops(machine: dict) -> tuple[float, str]:
    """The faster of a large matrix product and a large 3x3 convolution, one thread."""
    rates = {"matrix product": machine["product_gflops"],
             "3x3 convolution": machine["convolution_gflops"]}
    name = max(rates, key=rates.get)
    return rates[name], name


def multiplying(macs: float, machine: dict) -> tuple[float, str]:
    if not machine.get("product_gflops"):
        return None
    rate, name = multiplication_gflops(machine)
    return 2 * macs / (rate * 1e9), (
        f"{macs / 1e9:.3g} GMAC of convolutions and products at the {rate:.0f} GFLOP/s that one "
        f"thread reaches in a large {name}")
