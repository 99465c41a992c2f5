import Foundation
import Synchronization

/// A setting that messages name, such as `"Check \(OptionName.noData)."`.
///
/// Libraries know a setting by its parameter, a user of the command by its flag. A message names the
/// setting by a case of this list, and the case is spelled for whoever runs the process: `'noData'`
/// in a program that uses the libraries, `--no-data` in the command, which says so when it starts.
/// So no library holds the text of a flag, and every message, note and manifest is right in both.
public enum OptionName: String, CaseIterable, Sendable, CustomStringConvertible {
  // Reading of rasters.
  case band, byteOrder, dataset, height, losSign, noData, type, unit, width
  // Preparation of datasets.
  case displacementAsRate, quantity, wavelength, harmonize, harmonizePercentile, harmonizeTo,
    holdOut, licence, losSignOf
  case minimumSize, split, unitOf, upsample, with
  // Training.
  case detail, device, from, resume, set, task
  // Samples, simulations and stacks.
  case atmosphere, coarse, coherence, dem, like, output, overwrite, seed, shard, size, trainingImage
  // Inversion.
  case heightLimit, noHeightError, rateLimit, reference, weighting, wrapped
  // Evaluation.
  case count, days, limit, neighbors, patchSize, resamples, sensor, unverifiedWeights, weights

  /// Who reads the messages of this process.
  package enum Spelling: Sendable {
    /// Programmers: `'noData'`, `noData: 0`.
    case parameters
    /// Users of the command: `--no-data`, `--no-data 0`.
    case flags
  }

  private static let current = Mutex(Spelling.parameters)

  /// How names are spelled from now on, in the whole process; a program sets it once, at its start.
  package static var spelling: Spelling {
    get { current.withLock { $0 } }
    set { current.withLock { $0 = newValue } }
  }

  public var description: String {
    switch Self.spelling {
    case .parameters: "'\(rawValue)'"
    case .flags: flag
    }
  }

  /// The setting with a value, such as `--no-data 0` or `noData: 0`.
  package func callAsFunction(_ value: String) -> String {
    switch Self.spelling {
    case .parameters: "\(rawValue): \(value)"
    case .flags: "\(flag) \(value)"
    }
  }

  /// The flag of the command, such as `--no-data` for `noData`.
  package var flag: String {
    if self == .output { return "-o" }
    return rawValue.reduce(into: "--") { flag, letter in
      if letter.isUppercase { flag += "-" }
      flag += letter.lowercased()
    }
  }
}
