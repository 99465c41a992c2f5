extension PatchMeasure {
  static let fringes = PatchMeasure(
    "fringesPerPixel", name: "Fringes", unit: "a pixel", decimals: 4,
    explanation: { _, span in "Phase gradient over 2 pi in \(span)." },
    value: \.phase.fringesPerPixel)

  static let aliasedSteps = PatchMeasure(
    "aliasedStepShare", name: "Steps beyond half a fringe", decimals: 4,
    explanation: { _, _ in "Share of neighbours that no unwrapping can follow." },
    value: \.phase.aliasedStepShare)

  static let residues = PatchMeasure(
    "residuesPerThousandLoops", name: "Residues", unit: "a thousand loops",
    explanation: { _, span in "Inconsistent loops of four pixels, wrapped, in \(span)." },
    value: { $0.phase.residuesPerLoop * 1000 })
}
