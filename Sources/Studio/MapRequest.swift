import Foundation
import GANSampling
import Kernel

/// One map of the model, as the page asks for it.
struct MapRequest: Sendable, Equatable {
  var seed: UInt64 = 0
  /// The index of the map, as `generate --first`; with an interpolation it counts its steps.
  var index = 0
  /// `nil` for the model's own.
  var size: MapSize?
  var options = MapOptions()

  static let names = [
    "seed", "map", "size", "spread", "mean", "quietFraction", "style", "truncation", "maxRate",
    "interpolate", "steps", "step",
  ]
  /// Sides of maps in pixels; a map of the largest takes some seconds.
  static let sides = 16...512
  static let greatestMap = 99_999
  static let greatestSteps = 100

  init() {}

  /// - Throws: `StudioError.parameter`.
  init(_ query: QueryParameters) throws {
    seed = try query.seed("seed") ?? 0
    index = try query.integer("map", in: 0...Self.greatestMap) ?? 0
    size = try query.integer("size", in: Self.sides).map { MapSize(width: $0, height: $0) }
    options.spread = try Self.range(query, "spread", within: 0...10_000)
    options.mean = try Self.range(query, "mean", within: -10_000...10_000)
    options.quietFraction = try Self.range(query, "quietFraction", within: 0...1)
    options.style = try Self.style(query)
    options.truncation = try query.number("truncation", in: 0.01...1)
    options.maxRate = try query.number("maxRate", in: 0.01...1_000_000)
    if let second = try query.seed("interpolate") {
      let steps = try query.integer("steps", in: 2...Self.greatestSteps) ?? 9
      let step = try query.integer("step", in: 0...steps - 1) ?? 0
      options.interpolation = .init(seed: second, steps: steps)
      index = index * steps + step
    } else if let step = query.text("step") ?? query.text("steps") {
      throw StudioError.parameter(
        name: query.text("step") == nil ? "steps" : "step", value: step,
        remedy: "give interpolate too, which is the second seed")
    }
  }

  private static func range(
    _ query: QueryParameters, _ name: String, within bounds: ClosedRange<Double>
  ) throws -> ClosedRange<Double>? {
    try query.text(name).map { text in
      guard let range = MapOptions.range(parsing: text), bounds.contains(range.lowerBound),
        bounds.contains(range.upperBound)
      else {
        throw StudioError.parameter(
          name: name, value: text,
          remedy: "use LOW..HIGH within \(bounds.short), such as "
            + (name == "quietFraction" ? "0.3..0.6" : "2..5"))
      }
      return range
    }
  }

  private static func style(_ query: QueryParameters) throws -> [String: Double]? {
    try query.text("style").map { text in
      func fault(_ remedy: String) -> StudioError {
        .parameter(name: "style", value: text, remedy: remedy)
      }
      do {
        return try MapOptions.style(parsing: text)
      } catch MapOptions.StyleFault.malformed {
        throw fault("use SCENE or SCENE:WEIGHT with a positive weight, separated by commas")
      } catch MapOptions.StyleFault.repeated(let scene) {
        throw fault("name '\(scene)' once")
      }
    }
  }

  // MARK: As a command

  /// The arguments of `ganinsar` that make the same map, in a folder `output`.
  /// - Parameters:
  ///   - model: the path of the model; `nil` if that is what `generate` uses anyway.
  ///   - device: `nil` for the default.
  func arguments(model: String?, device: String? = nil, output: String = Self.folder) -> [String] {
    var arguments = ["generate"] + (model.map { [$0] } ?? []) + ["-o", output, "--count", "1"]
    func add(_ flag: String, _ value: String?) {
      if let value { arguments += [flag, value] }
    }
    add("--seed", "\(seed)")
    if index > 0 { add("--first", "\(index)") }
    add("--size", size.map { $0.width == $0.height ? "\($0.width)" : "\($0)" })
    add("--spread", options.spread?.short)
    add("--mean", options.mean?.short)
    add("--quiet-fraction", options.quietFraction?.short)
    add(
      "--style",
      options.style?.sorted { $0.key < $1.key }
        .map { $0.value == 1 ? $0.key : "\($0.key):\($0.value.short)" }.joined(separator: ","))
    add("--truncation", options.truncation?.short)
    add("--max-rate", options.maxRate?.short)
    if let interpolation = options.interpolation {
      add("--interpolate", "\(interpolation.seed)")
      add("--steps", "\(interpolation.steps)")
    }
    add("--device", device)
    return arguments
  }

  /// The folder of the command that the page shows.
  static let folder = "map"
  /// The file that this command writes.
  var fileName: String { "\(Self.folder)/sample-\(index.zeroPadded(8)).npy" }

  /// Requests with the same key give the same map.
  var key: String { arguments(model: nil).joined(separator: " ") }
}

/// A command line as a shell reads it.
enum ShellCommand {
  static func text(_ arguments: [String]) -> String {
    (["ganinsar"] + arguments).map(quoted).joined(separator: " ")
  }

  private static let plain = Set(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./,:=+@%".unicodeScalars)

  private static func quoted(_ word: String) -> String {
    guard word.isEmpty || !word.unicodeScalars.allSatisfy(plain.contains) else { return word }
    return "'" + word.replacingOccurrences(of: "'", with: "'\\''") + "'"
  }
}
