"""The graph as text."""

from graph.package import Package


def lines(package: Package) -> list[str]:
    """One line per target, higher ones first: its name, `T` where it needs LibTorch, what it imports."""
    height = heights(package)
    shown = [t for t in package.targets.values() if t.kind != "test"]
    shown.sort(key=lambda target: (-height[target.name], target.name))
    width = max((len(target.name) for target in shown), default=0)
    text = []
    for target in shown:
        mark = "T" if package.needs_torch(target.name) else " "
        others = sorted(target.dependencies, key=lambda name: (-height[name], name))
        listed = ", ".join([*others, *(f"({name})" for name in sorted(target.products))])
        text.append(f"{height[target.name]:2} {target.name:{width}} {mark}  {listed}".rstrip())
    free = [target.name for target in shown if not package.needs_torch(target.name)]
    edges = sum(len(target.dependencies) for target in shown)
    text.append("")
    text.append(f"{len(shown)} targets, {edges} imports; {len(shown) - len(free)} need LibTorch (T).")
    for name, targets in sorted(package.products.items()):
        needs = any(package.needs_torch(target) for target in targets)
        text.append(f"product {name}: {', '.join(targets)}; {'needs' if needs else 'without'} LibTorch")
    return text


def heights(package: Package) -> dict[str, int]:
    """The longest way down from each target; 0 imports nothing of the package. Circles are cut."""
    found: dict[str, int] = {}

    def height(name: str, above: frozenset[str]) -> int:
        if name not in found:
            below = [o for o in package.targets[name].dependencies if o not in above | {name}]
            found[name] = max((1 + height(other, above | {name}) for other in below), default=0)
        return found[name]

    for name in package.targets:
        height(name, frozenset())
    return found
