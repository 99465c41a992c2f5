import Datasets
import DurableFiles
import Foundation
import Kernel
import Patches
import RasterIO
import Rasters

/// Converts rasters to a dataset folder and a report, as `ganinsar prepare` does. Its settings come
/// from defaults, a YAML file and options.
package struct DatasetPreparation: Sendable, Equatable, Codable {
  /// Options for reading the files.
  package var reading: RasterReadOptions
  package var preparation: ScenePreparation
  /// Units by scene name, which override `reading.unit`.
  package var units: [String: RasterUnit]
  /// Sign conventions by scene name, which override `reading.losConvention`.
  package var signs: [String: LOSConvention]
  package var licences: [String: String]
  package var holdOut: Set<String>
  /// Not a setting of a file.
  package var overwrite = false

  private enum CodingKeys: CodingKey {
    case reading, preparation, units, signs, licences, holdOut
  }

  /// The patch sizes in pixels for which the report counts windows.
  package static let surveyedPatchSizes = [64, 128, 256]
  package static let surveyedFactors = [1, 2]

  package init(
    reading: RasterReadOptions = RasterReadOptions(),
    preparation: ScenePreparation = ScenePreparation(), units: [String: RasterUnit] = [:],
    signs: [String: LOSConvention] = [:], licences: [String: String] = [:],
    holdOut: Set<String> = [], overwrite: Bool = false
  ) {
    self.reading = reading
    self.preparation = preparation
    self.units = units
    self.signs = signs
    self.licences = licences
    self.holdOut = holdOut
    self.overwrite = overwrite
  }

  /// Reads `files` one at a time and writes the dataset `output` atomically.
  ///
  /// - Parameter companions: further quantities of every scene. Georeferenced rasters are resampled to
  ///   the grid of a georeferenced scene.
  /// - Throws: `RasterError` or `DatasetError` naming the file or the option, or
  ///   `RunError.cannotWrite`.
  package func run(files: [String], with companions: [CompanionFiles] = [], output: String) throws
    -> DatasetReport
  {
    let names = SceneNames.unique(for: files)
    let beside = try companions.map { try $0.files(forScenes: files) }
    let quantities = companions.map(\.quantity)
    try check(names, quantities, files: files + beside.flatMap { $0 }, output: output)
    var notes: [String] = []
    var warnings: [String] = []
    var surveys: [WindowSurvey] = []
    var fileNames: [String: String] = [:]
    let reading = RateMapNotes()
    let manifest = try DatasetFolder.write(
      to: output, preparation: preparation, overwrite: overwrite
    ) { folder in
      for (index, (name, file)) in zip(names, files).enumerated() {
        let (source, description) = try read(file, name: name)
        notes += description.notes.map { "\(name): \($0)." }
        if preparation.measured == .rate { reading.add(description, name: name) }
        if description.unitSource.hasPrefix("given (the file says") {
          warnings.append("\(name): its unit is \(description.unitSource).")
        }
        if let twin = fileNames.updateValue(file, forKey: source.sha256 ?? file) {
          warnings.append("\(twin) and \(file) hold the same bytes: the scene counts twice.")
        }
        let others = try zip(quantities, beside).map { quantity, paths in
          CompanionSource(quantity, try companion(quantity, paths[index], of: source))
        }
        for prepared in try preparation.prepare(consume source, with: others) {
          try folder.add(prepared)
          notes += prepared.notes.map { "\(name): \($0)." }.filter { !notes.contains($0) }
          surveys.append(
            WindowSurvey(
              prepared.scene.grid, patchSizes: Self.surveyedPatchSizes,
              factors: Self.surveyedFactors, configuration: PatchLoaderConfiguration(),
              quantity: preparation.measured))
        }
      }
    }
    return DatasetReport(
      path: output, manifest: manifest, surveys: surveys, notes: notes + reading.signSentences,
      readingWarnings: warnings)
  }

  private func read(_ file: String, name: String) throws -> (SourceScene, RasterDescription) {
    var options = reading
    if let unit = units[name] { options.unit = unit }
    if let sign = signs[name] { options.losConvention = sign }
    let scene = try RasterReader.read(file, options: options)
    if let stated = scene.description.quantity, stated != preparation.measured {
      throw DatasetError.unusableScene(
        path: file,
        problem: "it holds \(stated.words), and this dataset is for \(preparation.measured.words)",
        remedy: "Put maps of one quantity into a dataset, and name it with \(OptionName.quantity).")
    }
    if let fills = scene.description.undeclaredFills {
      throw DatasetError.unusableScene(
        path: file, problem: fills.words(of: scene.raster.values.count),
        remedy:
          "If that means no data, pass \(fills.options); \(OptionName.noData("nan")) keeps the values."
      )
    }
    var source = SourceScene(
      path: file, name: name, raster: scene.raster, unitSource: scene.description.unitSource)
    source.losConvention = scene.description.losConvention
    source.losSource = scene.description.losSource
    source.sha256 = try SHA256.hex(ofFile: file)
    source.licence = licences[name]
    source.isHeldOut = holdOut.contains(name)
    return (source, scene.description)
  }

  /// Checks everything that can be checked before files are read.
  private func check(
    _ names: [String], _ companions: [Quantity], files: [String], output: String
  ) throws {
    guard !files.isEmpty else {
      throw DatasetError.invalidConfiguration(faults: [
        "no raster file is given: name at least one."
      ])
    }
    let faults = preparation.faults() + preparation.faults(of: companions)
    guard faults.isEmpty else { throw DatasetError.invalidConfiguration(faults: faults) }
    let mentioned: [(option: OptionName, names: [String])] = [
      (.holdOut, holdOut.sorted()), (.licence, licences.keys.sorted()),
      (.unitOf, units.keys.sorted()), (.losSignOf, signs.keys.sorted()),
      (.upsample, preparation.upsampling.keys.sorted()),
    ]
    for (option, given) in mentioned {
      for name in given where !names.contains(name) {
        if option == .unitOf, companions.contains(where: { $0.rawValue == name }) { continue }
        throw DatasetError.invalidOption(
          option, value: name,
          remedy: "no scene has this name; the scenes are \(names.joined(separator: ", ")).")
      }
    }
    let target = FilePath.absolute(output) + "/"
    for file in files
    where FilePath.absolute(file).hasPrefix(target) {
      throw DatasetError.invalidOption(
        .output, value: output,
        remedy: "\(file) lies inside it and would be lost; choose another name.")
    }
  }
}
