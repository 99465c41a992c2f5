import Foundation

extension PatchMeasure {
  static let mean = PatchMeasure(
    "meanCMPerYear", name: "Mean rate", unit: "cm/yr",
    explanation: { _, _ in "Mean over patches of their means." }, value: \.mean)

  static let standardDeviation = PatchMeasure(
    "standardDeviationCMPerYear", name: "Standard deviation", unit: "cm/yr",
    explanation: { _, _ in "Mean over patches of their spreads." }, value: \.standardDeviation)

  static let quietShare = PatchMeasure(
    "quietShare", name: "Quiet share", decimals: 3,
    explanation: { settings, _ in "Share of pixels slower than \(settings.threshold)." },
    value: { facts in
      let threshold = Float(facts.settings.thresholdCMPerYear)
      return Double(facts.patch.count { abs($0) < threshold }) / Double(facts.patch.count)
    })

  package static let meanGradient = PatchMeasure(
    "meanGradientCMPerYearPixel", name: "Mean gradient", unit: "cm/yr per pixel", decimals: 3,
    explanation: { _, _ in "Mean size of the gradient." },
    value: { $0.gradients.reduce(0.0) { $0 + Double($1) } / Double($0.gradients.count) })
}

extension StatisticsSettings {
  /// Such as `3 cm/yr`.
  var threshold: String { String(format: "%g cm/yr", thresholdCMPerYear) }
}
