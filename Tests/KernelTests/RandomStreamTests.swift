import Foundation
import Kernel
import Testing

@Suite struct RandomStreamTests {
  /// Two purposes that get the same seed, in one command or in two, and any indices.
  @Test func noTwoPurposesDrawTheSameNumbers() {
    var owners: [UInt64: String] = [:]
    var shared: [String] = []
    for seed in [0, 1, 2, 3, 42, 20_200_101, .max] as [UInt64] {
      for stream in RandomStream.allCases {
        var generators = ["": CounterRandom(seed, stream)]
        for first in 0..<4 as Range<UInt64> {
          generators["\(first)"] = CounterRandom(seed, stream, first)
          generators["\(first), 0"] = CounterRandom(seed, stream, first, 0)
          generators["\(first), 1"] = CounterRandom(seed, stream, first, 1)
          generators["\(first), 0, 0"] = CounterRandom(seed, stream, first, 0, 0)
        }
        for (indices, generator) in generators {
          var generator = generator
          let name = "\(stream)(\(indices)) of seed \(seed)"
          for _ in 0..<32 {
            if let other = owners.updateValue(name, forKey: generator.next()) {
              shared.append("\(name) and \(other)")
            }
          }
        }
      }
    }
    #expect(shared.isEmpty)
    #expect(owners.count == 7 * RandomStream.allCases.count * 17 * 32)
  }

  /// What a seed means does not change unnoticed: raise `RandomStream.edition` with these numbers.
  @Test func theNumbersStayWhatTheyAre() {
    func first(_ stream: RandomStream, _ index: UInt64) -> UInt64 {
      var random = CounterRandom(7, stream, index)
      return random.next()
    }
    #expect(RandomStream.edition == 2)
    #expect(RandomStream.trainingIteration.rawValue == 1)
    #expect(RandomStream.generatedLatents.rawValue == 0x6c61_7465_6e74)
    #expect(RandomStream.simulatedScene.rawValue == 20)
    // Repeated with Benchmarks/peers/counter_random.py.
    #expect(first(.trainingIteration, 3) == 0x6d8c_6f28_b4f1_c352)
    #expect(first(.generatedLatents, 3) == 0x6da1_938d_5c47_e65d)
  }

  /// A purpose is drawn in one place only, and every generator says for what it is.
  @Test func everyGeneratorOfTheProgramNamesItsOwnStream() throws {
    let sources = try Self.sources()
    try #require(sources.count > 200)
    var places: [String: [String]] = [:]
    for (name, text) in sources where name != "RandomStream.swift" {
      let code = text.split(separator: "\n").filter {
        !$0.drop { $0 == " " }.hasPrefix("//")
      }.joined(separator: "\n")
      let members = Set(code.matches(of: /\.(\w+)/).map(\.output.1))
      for stream in RandomStream.allCases where members.contains("\(stream)") {
        places["\(stream)", default: []].append(name)
      }
      for made in code.matches(of: /(?:CounterRandom|RandomGenerator)\((?<arguments>[^)]*)/)
      where name != "CounterRandom.swift" {
        let arguments = made.output.arguments
        let isNamed =
          arguments.contains(/\bstream\b/)
          || RandomStream.allCases.contains { arguments.contains(".\($0)") }
        #expect(isNamed, "\(name): \(made.output.0)")
      }
    }
    for stream in RandomStream.allCases {
      let files = Set(places["\(stream)"] ?? [])
      let expected = Self.drawnElsewhere[stream] ?? 1
      #expect(files.count == expected, "\(stream) is drawn in \(files.sorted())")
    }
  }

  /// Weights that are replaced are made wherever a file is loaded; of the tests' inputs only the
  /// fuzzer's are made in Sources. A training is of one kind of phase network or of the other.
  static let drawnElsewhere: [RandomStream: Int] = [
    .placeholderWeights: 7, .testInput: 1, .phaseNetworkWeights: 2, .phaseNetworkSamples: 2,
  ]

  @Test func thePeersOfTheBenchmarksRepeatTheSameStreams() throws {
    let path = Self.root.appendingPathComponent("Benchmarks/peers/counter_random.py")
    let text = try String(contentsOf: path, encoding: .utf8)
    for (name, stream) in [
      ("LATENT_STREAM", RandomStream.generatedLatents), ("ITERATION_STREAM", .trainingIteration),
    ] {
      let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("\(name) = ") })
      let value = line.dropFirst(name.count + 3)
      let number = value.hasPrefix("0x") ? UInt64(value.dropFirst(2), radix: 16) : UInt64(value)
      #expect(number == stream.rawValue, "\(name)")
    }
  }

  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static func sources() throws -> [(name: String, text: String)] {
    let folder = root.appendingPathComponent("Sources")
    let files = try #require(FileManager.default.enumerator(atPath: folder.path))
    return try files.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.map {
      (
        ($0 as NSString).lastPathComponent,
        try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8)
      )
    }
  }
}
