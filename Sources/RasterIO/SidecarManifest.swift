import DurableFiles
import Foundation
import Rasters
import Synchronization

/// The statements of a manifest about the rasters beside it: unit and sign, for formats such as
/// `.npy` that contain neither, and which files are rate maps.
///
/// It reads the manifests of `generate`, `simulate`, `compose` and `invert` (`manifest.json` in the
/// folder), that of `prepare` (`dataset.json` above `scenes/`), and any other `manifest.json` with
/// a `unit`.
package struct SidecarManifest: Sendable {
  /// `false` if the job that wrote the folder was stopped.
  package let isComplete: Bool
  private let kind: Kind
  private let unit: RasterUnit?
  private let convention: LOSConvention?
  private let quantity: Quantity?

  private enum Kind: Sendable {
    case generated
    case simulated(preset: String)
    /// The rasters that it lists, with their units.
    case listed([String: RasterUnit?])
    /// The scenes of a dataset.
    case dataset(Set<String>)
    /// A manifest that a user wrote: it applies to all files in the folder.
    case other
  }

  /// Its name in descriptions.
  var words: String {
    if case .dataset = kind { return "the dataset's manifest" }
    return "the manifest beside it"
  }

  /// The manifest that applies to the files in `folder`; `nil` if there is none.
  package static func of(folder: String) -> SidecarManifest? {
    let own = "\(folder)/manifest.json"
    if let found = cached(own, SidecarManifest.init(manifest:)) { return found }
    guard FilePath.name(folder) == "scenes" else { return nil }
    return cached("\(folder)/../dataset.json", SidecarManifest.init(dataset:))
  }

  /// The unit of a file in the folder.
  func unit(ofFile name: String) -> RasterUnit? {
    let stem = FilePath.withoutExtension(name)
    switch kind {
    case .generated: return Self.isNumbered(stem, after: "sample-") ? unit : nil
    case .simulated(let preset): return Self.isNumbered(stem, after: preset + "_") ? unit : nil
    case .listed(let units): return units[stem] ?? nil
    case .dataset(let scenes): return scenes.contains(stem) ? unit : nil
    case .other: return unit
    }
  }

  /// What a file in the folder measures; `nil` if the manifest does not state it.
  package func quantity(ofFile name: String) -> Quantity? {
    if case .other = kind { return quantity }
    return unit(ofFile: name) == nil ? nil : quantity
  }

  /// `nil` for files that are not rates or that the manifest does not mention.
  func losConvention(ofFile name: String) -> LOSConvention? {
    if case .other = kind { return convention }
    return unit(ofFile: name)?.kind == .rate ? convention : nil
  }

  /// Whether a model or a simulator made the file, according to the manifest beside it; `false` also
  /// for a file without one.
  package static func isSynthetic(_ path: String) -> Bool {
    guard let manifest = of(folder: FilePath.folder(path)) else { return false }
    switch manifest.kind {
    case .generated, .simulated: return manifest.unit(ofFile: FilePath.name(path)) != nil
    case .listed, .dataset, .other: return false
    }
  }

  /// Whether the file is not a rate map: a layer of a simulated sample, or a height or an error
  /// beside a rate.
  package func isNoRateMap(_ name: String) -> Bool {
    let stem = FilePath.withoutExtension(name)
    switch kind {
    case .simulated(let preset):
      return stem.hasPrefix(preset + "_") && !Self.isNumbered(stem, after: preset + "_")
    case .listed(let units):
      guard let unit = units[stem] else { return false }
      return stem != "rate" || unit?.kind != .rate
    case .generated, .dataset, .other: return false
    }
  }

  private static func isNumbered(_ stem: String, after prefix: String) -> Bool {
    let number = stem.dropFirst(prefix.count)
    return stem.hasPrefix(prefix) && !number.isEmpty && number.allSatisfy(\.isNumber)
  }

  // MARK: - Reading

  private struct Plane: Decodable {
    var name: String
    var unit: String?
  }

  private struct Content: Decodable {
    var quantity: String?
    var unit: String?
    var signConvention: String?
    var isComplete: Bool?
    var modelSHA256: String?
    var preset: String?
    var truth: [Plane]?
    var planes: [Plane]?
  }

  private init?(manifest data: Data) {
    guard let content = try? JSONDecoder().decode(Content.self, from: data) else { return nil }
    isComplete = content.isComplete ?? true
    unit = content.unit.flatMap { RasterUnit(parsing: $0) }
    quantity = content.quantity.flatMap(Quantity.init(rawValue:))
    let stated = content.signConvention.flatMap { LOSConvention(sentence: $0) }
    if let planes = content.truth ?? content.planes {
      // Rates in this program's stacks and inversions are always positive toward the satellite.
      convention = .towardSatellite
      kind = .listed(
        Dictionary(planes.map { ($0.name, $0.unit.flatMap { RasterUnit(parsing: $0) }) }) { $1 })
    } else if content.modelSHA256 != nil {
      (kind, convention) = (.generated, stated ?? .towardSatellite)
    } else if let preset = content.preset {
      (kind, convention) = (.simulated(preset: preset), stated ?? .towardSatellite)
    } else {
      (kind, convention) = (.other, stated)
    }
  }

  private init?(dataset data: Data) {
    struct Dataset: Decodable {
      struct Scene: Decodable { var file: String }
      var quantity: String?
      var unit: String
      var signConvention: String?
      var scenes: [Scene]
    }
    guard let content = try? JSONDecoder().decode(Dataset.self, from: data) else { return nil }
    isComplete = true
    unit = RasterUnit(parsing: content.unit)
    convention = content.signConvention.flatMap { LOSConvention(sentence: $0) }
    quantity = content.quantity.flatMap(Quantity.init(rawValue:))
    let stems = content.scenes.map {
      FilePath.withoutExtension(FilePath.name($0.file))
    }
    kind = .dataset(Set(stems))
  }

  /// The latest manifest is cached, because manifests of many samples are long and the files of a
  /// folder are read one after the other.
  private static let latest = Mutex<(stamp: String, manifest: SidecarManifest?)?>(nil)
  private static let largestBytes = 512 << 20

  private static func cached(
    _ path: String, _ make: (Data) -> SidecarManifest?
  ) -> SidecarManifest? {
    var status = stat()
    guard FilePath.withCString(path, { stat($0, &status) }) == 0,
      status.st_mode & S_IFMT == S_IFREG,
      status.st_size <= largestBytes
    else { return nil }
    let stamp =
      "\(path) \(status.st_ino) \(status.st_size) \(status.st_mtim.tv_sec) "
      + "\(status.st_mtim.tv_nsec)"
    if let found = latest.withLock({ $0 }), found.stamp == stamp { return found.manifest }
    let manifest = (try? InputFile.read(path)).flatMap(make)
    latest.withLock { $0 = (stamp, manifest) }
    return manifest
  }
}
