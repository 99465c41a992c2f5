import HTMLReport

/// Two sets of two patches, with one of everything.
func sampleReport(name: String = "model") throws -> EvaluationReport {
  func set(_ name: String) throws -> ReportSet {
    ReportSet(
      name: name, path: "sets/\(name)", count: 2, patchSize: 2,
      patches: try PatchSprite(
        patches: [[-10, -5, 0, 10], [1, 2, 3, 4]], size: 2, labels: ["a", "b"],
        limitCMPerYear: 10, side: 2))
  }
  let points = ReportEmbedding.Points(x: [0, 1], y: [2, 3], patch: [0, 1])
  var report = EvaluationReport(
    title: "An evaluation",
    colorScale: ReportColorScale(limitCMPerYear: 10, colors: ["#0000ff", "#ffffff", "#ff0000"]),
    sets: [try set("real"), try set(name)])
  report.metrics = [
    ReportMetric(
      group: "Features", name: "FID", explanation: "A distance.", goal: .lower,
      values: [nil, ReportValue(12, low: 11, high: 13)], control: ReportValue(3))
  ]
  report.embedding = ReportEmbedding(
    method: "t-SNE", sets: [points, points], overlap: [[1, 0.5], [0.5, 1]])
  report.outliers = [ReportOutlier(set: 1, patch: 1, score: 4, reason: "far")]
  report.nearestPairs = [
    ReportPair(set: 1, patch: 0, reference: 1, measure: "in pixels", caption: "near")
  ]
  report.plots = [
    ReportPlot(
      kind: .histogram, title: "Rates", explanation: "", x: .init("rate"), y: .init("density"),
      series: [.init(set: 0, x: [0, 1, 2], y: [0.5, 0.5])])
  ]
  report.settings = [ReportSetting(group: "t-SNE", name: "perplexity", value: "30")]
  report.checksums = [ReportChecksum(what: "weights", path: "w", sha256: "00")]
  return report
}
