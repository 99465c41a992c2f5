import ArgumentParser
import Foundation
import RasterIO
import Rasters
import RunSupport

// Groups of options that several commands share.

/// The unit and the sign of rate maps: facts that their files may not state.
package struct UnitOptions: ParsableArguments {
  package init() {}

  @Option(help: "Unit of the values, instead of the one that a file states.")
  package var unit: RasterUnit?
  @Option(help: "Sign of files that do not state it: positive toward the satellite, or away.")
  package var losSign: LOSConvention?
}

/// As `UnitOptions`, where the unit that a file states prevails.
package struct MissingUnitOptions: ParsableArguments {
  package init() {}

  @Option(help: "Unit of files that state none.")
  package var unit: RasterUnit?
  @Option(help: "Sign of files that do not state it: positive toward the satellite, or away.")
  package var losSign: LOSConvention?
}

/// How raster files are read that do not describe themselves.
package struct ReadingOptions: ParsableArguments {
  package init() {}

  @Option(
    parsing: .unconditional,
    help: .init("Columns of a file without header.", valueName: "pixels"))
  var width: Int?
  @Option(
    parsing: .unconditional,
    help: .init("Rows of a file without header (default: from its size).", valueName: "pixels"))
  var height: Int?
  @Option(help: "Number type of a file without header (default: float32).")
  var type: SampleType?
  @Option(help: "Byte order of a file without header (default: detected from the values).")
  var byteOrder: ByteOrder?
  @Option(help: .init("The dataset inside HDF5 or netCDF.", valueName: "name"))
  var dataset: String?
  @Option(
    parsing: .unconditional, help: .init("The band, counted from 1.", valueName: "number"))
  var band: Int?
  @OptionGroup var missing: NoDataOptions

  /// - Parameter settings: what holds where no option is given.
  func options(_ units: UnitOptions, over settings: RasterReadOptions = .init())
    -> RasterReadOptions
  {
    var options = settings
    options.unit = units.unit ?? settings.unit
    options.losConvention = units.losSign ?? settings.losConvention
    return self.options(over: options)
  }

  /// Without unit and sign.
  package func options(over settings: RasterReadOptions = .init()) -> RasterReadOptions {
    var options = settings
    options.width = width ?? settings.width
    options.height = height ?? settings.height
    options.sampleType = type ?? settings.sampleType
    options.byteOrder = byteOrder ?? settings.byteOrder
    options.dataset = dataset ?? settings.dataset
    options.band = band ?? settings.band
    options.noData = missing.values ?? settings.noData
    return options
  }
}

/// Values that mean no data.
package struct NoDataOptions: ParsableArguments {
  package init() {}

  // A value may begin with a minus sign.
  @Option(
    parsing: .unconditionalSingleValue,
    help: .init(
      "A value that means no data; repeatable. 'inf' for infinite values.", valueName: "value"),
    transform: Self.number)
  var noData: [Double] = []

  /// `nil` if the option is not given.
  var values: [Double]? { noData.isEmpty ? nil : noData }

  private static func number(_ text: String) throws -> Double {
    guard let value = Double(text) else {
      throw ValidationError("not a number; give one, nan or inf.")
    }
    return value
  }
}

extension String {
  /// The text of a help page with command lines below it.
  package func withExamples(_ lines: String...) -> String {
    "\(self)\n\nExamples:\n" + lines.map { "  \($0)" }.joined(separator: "\n")
  }
}

/// The seed of a job whose settings have one, and the job's parts.
struct SettingsSeedOptions: ParsableArguments {
  @Option(help: .init("The seed; the same as --set seed=N.", valueName: "number"))
  var seed: UInt64?
  @OptionGroup var shard: ShardOption
}

/// One part of a job that several processes share.
package struct ShardOption: ParsableArguments {
  package init() {}

  @Option(
    help: .init(
      "Make only shard K of N: 0/4 to 3/4, or auto (from Slurm or torchrun).", valueName: "k/n"))
  package var shard: String?

  /// The whole job if the option is not given.
  /// - Throws: `RunError.shard`.
  package func jobShard() throws -> JobShard {
    try shard.map {
      try JobShard(parsing: $0, environment: ProcessInfo.processInfo.environment)
    } ?? .whole
  }
}
