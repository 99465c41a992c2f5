import ArgumentParser
import DurableFiles
import HTMLReport

struct ReportCommand: SpeakingCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Make the page of an evaluation again from its results.",
    discussion: """
      Reads the report.json that 'ganinsar evaluate' wrote, and writes one HTML file that opens from \
      disk, without a network. Nothing is measured again.
      """.withExamples("ganinsar report evaluation/report.json -o report.html"))

  @Argument(help: "The report.json of an evaluation.")
  var results: String
  @OptionGroup(title: "Output") var out: TargetOptions
  @OptionGroup(title: "Messages") var messages: OutputOptions

  struct TargetOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: .init("The HTML file to write.", valueName: "file"))
    var output: String
    @Flag(help: "Replace an existing file.")
    var overwrite = false
  }

  func run() throws {
    Interruption.install(endingWithin: 1)
    let stopwatch = Stopwatch()
    let report = try EvaluationReport.read(results)
    let output = out.output
    let claim = try AtomicFile.claim(output, overwrite: out.overwrite)
    try withExtendedLifetime(claim) { try report.writeHTML(to: output) }
    if messages.json { return try printJSON(Written(output, count: 1, "pages", stopwatch)) }
    print(output)
  }
}
