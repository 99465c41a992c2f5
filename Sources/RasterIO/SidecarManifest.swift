import DurableFiles
import Foundation
import Rasters
import Synchronization

/// What a manifest says about the rasters beside it: the unit and the sign of formats that hold
/// neither, such as `.npy`, and which files are rate maps.
///
/// Read are the manifests of `generate`, `simulate`, `compose` and `invert` (`manifest.json` in the
/// folder), that of `prepare` (`dataset.json` above `scenes/`), and any `manifest.json` with a `unit`.
package struct SidecarManifest: Sendable {
  /// `false` where the job that wrote the folder was stopped.
  package let isComplete: Bool
  private let kind: Kind
  private let unit: RasterUnit?
  private let convention: LOSConvention?

  private enum Kind: Sendable {
    case generated
    case simulated(preset: String)
    /// The rasters that it lists, with their units.
    case listed([String: RasterUnit?])
    /// The scenes of a dataset.
    case dataset(Set<String>)
    /// A manifest of somebody's own: it speaks of all files in the folder.
    case other
  }

  /// How a description calls it.
  var words: String {
    if case .dataset = kind { return "the dataset's manifest" }
    return "the manifest beside it"
  }

  /// The manifest that speaks of the files in `folder`; `nil` where there is none.
  package static func of(folder: String) -> SidecarManifest? {
    let own = "\(folder)/manifest.json"
    if let found = cached(own, SidecarManifest.init(manifest:)) { return found }
    guard FilePath.name(folder) == "scenes" else { return nil }
    return cached("\(folder)/../dataset.json", SidecarManifest.init(dataset:))
  }

  /// What is said about a file of the folder.
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

  /// `nil` for files that hold no rate, or that the manifest does not speak of.
  func losConvention(ofFile name: String) -> LOSConvention? {
    if case .other = kind { return convention }
    return unit(ofFile: name)?.quantity == .rate ? convention : nil
  }

  /// Whether a reader of all rate maps in the folder leaves this file out: layers of simulated
  /// samples, heights and errors beside a rate.
  package func isNoRateMap(_ name: String) -> Bool {
    let stem = FilePath.withoutExtension(name)
    switch kind {
    case .simulated(let preset):
      return stem.hasPrefix(preset + "_") && !Self.isNumbered(stem, after: preset + "_")
    case .listed(let units):
      guard let unit = units[stem] else { return false }
      return stem != "rate" || unit?.quantity != .rate
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
    let stated = content.signConvention.flatMap { LOSConvention(sentence: $0) }
    if let planes = content.truth ?? content.planes {
      // This program's stacks and inversions: their rates always count toward the satellite.
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
      var unit: String
      var signConvention: String?
      var scenes: [Scene]
    }
    guard let content = try? JSONDecoder().decode(Dataset.self, from: data) else { return nil }
    isComplete = true
    unit = RasterUnit(parsing: content.unit)
    convention = content.signConvention.flatMap { LOSConvention(sentence: $0) }
    let stems = content.scenes.map {
      FilePath.withoutExtension(FilePath.name($0.file))
    }
    kind = .dataset(Set(stems))
  }

  /// Manifests of many samples are long, and files of one folder are read one after the other.
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
