import DeformationStatistics
import Evaluation
import HTMLReport
import Kernel
import Rasters

/// The plots of the page: spectra, variograms and histograms of all sets.
struct ReportCurves {
  /// The sets with statistics, with their index on the page.
  private let statistics: [(set: Int, found: SetStatistics)]
  private let quantity: Quantity

  init(_ record: EvaluationRecord) {
    quantity = record.measured
    statistics = ([record.real] + record.sets).enumerated().compactMap { number, set in
      set.deformation.map { (number, $0.statistics) }
    }
  }

  private var unit: String { quantity.unit.rawValue }
  private var squaredUnit: String {
    switch quantity {
    case .rate: "(cm/yr)^2"
    case .coherence: "1"
    default: "\(unit)^2"
    }
  }

  var plots: [ReportPlot] {
    statistics.isEmpty ? [] : [spectra, variograms, rates, gradients]
  }

  private var spectra: ReportPlot {
    ReportPlot(
      kind: .curve, title: "Radial power spectrum",
      explanation:
        "Two-dimensional power density, mean over rings of frequency; each patch without "
        + "its mean, under a Hann window.",
      x: .init("cycles per pixel", isLogarithmic: true),
      y: .init("\(squaredUnit) pixel^2", isLogarithmic: true),
      series: statistics.compactMap { set, found in
        Self.curve(set, found.spectrum.cyclesPerPixel, found.spectrum.power)
      })
  }

  private var variograms: ReportPlot {
    ReportPlot(
      kind: .curve, title: "Variogram",
      explanation: "Half the mean squared difference of rates at a lag along rows and columns.",
      x: .init("lag in pixels", isLogarithmic: true),
      y: .init(squaredUnit, isLogarithmic: true),
      series: statistics.compactMap { set, found in
        Self.curve(set, found.variogram.lagsPixels.map(Double.init), found.variogram.semivariance)
      })
  }

  private var rates: ReportPlot {
    histogram(
      quantity == .rate ? "Rates" : "Values", "All pixels; what lies beyond the axis is left out.",
      unit
    ) {
      $0.rateHistogram
    }
  }

  private var gradients: ReportPlot {
    histogram("Gradients", "Size of the gradient at all pixels.", "\(unit) per pixel") {
      $0.gradientHistogram
    }
  }

  /// Only points with power, because a logarithmic axis cannot show 0.
  private static func curve(
    _ set: Int, _ x: [Double], _ y: [Estimate]
  ) -> ReportPlot.Series? {
    let points = zip(x, y).filter { $1.value > 0 }
    guard !points.isEmpty else { return nil }
    let hasIntervals = points.allSatisfy { ($1.low ?? 0) > 0 && $1.high != nil }
    return .init(
      set: set, x: points.map(\.0), y: points.map(\.1.value),
      low: hasIntervals ? points.compactMap(\.1.low) : [],
      high: hasIntervals ? points.compactMap(\.1.high) : [])
  }

  private func histogram(
    _ title: String, _ explanation: String, _ unit: String,
    _ values: (SetStatistics) -> Histogram
  ) -> ReportPlot {
    ReportPlot(
      kind: .histogram, title: title, explanation: explanation, x: .init(unit),
      y: .init("density"),
      series: statistics.map { set, found in
        let histogram = values(found)
        let bins = histogram.bins
        return .init(
          set: set, x: (0...bins.count).map { bins.low + Double($0) * bins.width },
          y: histogram.density)
      })
  }
}
