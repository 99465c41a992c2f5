import ArgumentParser
import DurableFiles
import HTMLReport

struct ReportCommand: SpeakingCommand {
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

  @Flag(help: "Replace the file that stands there.")
  var overwrite = false
  @OptionGroup(title: "Messages") var messages: OutputOptions

  func run() throws {
    Interruption.install(endingWithin: 1)
    let stopwatch = Stopwatch()
    let report = try EvaluationReport.read(results)
    let claim = try AtomicFile.claim(output, overwrite: overwrite)
    try withExtendedLifetime(claim) { try report.writeHTML(to: output) }
    if messages.json { return try printJSON(Written(output, count: 1, "pages", stopwatch)) }
    print(output)
  }
}
