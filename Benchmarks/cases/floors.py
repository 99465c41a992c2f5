"""Floors: the time that this machine would need for the unavoidable work alone."""

RATES = {
    "convolution_gflops": "3x3 convolution",
    "product_gflops": "matrix product",
    "double_product_gflops": "matrix product in double precision",
}


def multiplying(
    macs: float, machine: dict, rates=("convolution_gflops", "product_gflops"), what: str = "convolutions and products"
) -> tuple[float, str] | None:
    """CPU seconds of a number of multiply-accumulates at the fastest of the machine's measured rates."""
    if not machine.get("product_gflops"):
        return None
    rate = max(rates, key=lambda name: machine.get(name, 0))
    speed = machine[rate]
    return 2 * macs / (speed * 1e9), (
        f"{macs / 1e9:.3g} GMAC of {what} at the {speed:.0f} GFLOP/s that one thread reaches in a large {RATES[rate]}"
    )
