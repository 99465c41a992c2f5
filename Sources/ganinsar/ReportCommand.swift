import ArgumentParser
import HTMLReport

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Make the page of an evaluation from its results again.",
    discussion: """
      Reads the report.json that 'ganinsar evaluate' wrote and writes one HTML file that opens from \
      disk, without a network. Nothing is measured again.
      """)

  @Argument(help: "The report.json of an evaluation.")
  var results: String
  @Option(name: .shortAndLong, help: "The HTML file to write.")
  var output: String

  func run() throws {
    try EvaluationReport.read(results).writeHTML(to: output)
    print(output)
  }
}
