import Foundation
import GANTraining
import HTMLReport
import Settings
import StackFiles

/// Readers of configurations and results.
enum TextReaders {
  static let all = [
    FuzzReader(
      name: "training-yaml",
      seeds: { _ in
        [text("a.yaml", try ConfigurationOverlay.yaml(of: TrainingConfiguration()))]
      },
      read: { path in
        let configuration = try ConfigurationOverlay.resolve(
          defaults: TrainingConfiguration(), yamlFile: path)
        _ = configuration.totalIterations
      }),
    FuzzReader(
      name: "compose-yaml",
      seeds: { _ in
        [text("a.yaml", try ConfigurationOverlay.yaml(of: ComposeConfiguration()))]
      },
      read: { path in
        let configuration = try ConfigurationOverlay.resolve(
          defaults: ComposeConfiguration(), yamlFile: path)
        // The time to build a network grows with its size, and large sizes are valid.
        guard configuration.network.count <= 1000 else { return }
        _ = try configuration.interferogramNetwork()
      }),
    FuzzReader(
      name: "report-json", seeds: { [try report($0)] },
      read: { _ = try EvaluationReport.read($0).html() }),
  ]

  private static func report(_ folder: String) throws -> FuzzCase {
    var report = EvaluationReport(
      title: "A report",
      colorScale: .init(limitCMPerYear: 10, colors: ["#0000ff", "#ffffff", "#ff0000"]),
      sets: try ["real", "model"].map { name in
        ReportSet(
          name: name, path: "sets/\(name)", count: 2, patchSize: 2,
          patches: try PatchSprite(
            patches: [[-10, -5, 0, 10], [1, 2, 3, 4]], size: 2, labels: ["a", "b"],
            limitCMPerYear: 10, side: 2))
      })
    report.metrics = [
      .init(
        group: "Features", name: "FID", explanation: "A distance.", goal: .lower,
        values: [nil, .init(12, low: 11, high: 13)])
    ]
    report.plots = [
      .init(
        kind: .histogram, title: "Rates", explanation: "", x: .init("rate"), y: .init("density"),
        series: [])
    ]
    try report.writeJSON(to: "\(folder)/a.json")
    return try FuzzCase(folder: folder, main: "a.json")
  }

  private static func text(_ name: String, _ content: String) -> FuzzCase {
    FuzzCase([name: Array(content.utf8)], main: name)
  }
}
