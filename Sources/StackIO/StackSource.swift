import Foundation
import InSARPhase
import RasterIO

/// A stack of interferograms in files, read plane by plane.
public struct StackSource: Sendable {
  public let path: String
  public let network: InterferogramNetwork
  public let geometry: StackGeometry
  public let georeference: Georeference?
  public let sensor: Sensor?
  /// For the weights: independent looks behind each coherence.
  public let equivalentLooks: Double
  /// Row and column to which the stack's phases are referred, where it says.
  public let referencePixel: (row: Int, column: Int)?
  private let read: @Sendable (Plane, Int, Range<Int>) throws -> [Float]
  private let verification: @Sendable ([Plane]) throws -> Void

  /// What an inversion reads of each interferogram.
  public enum Plane: String, Sendable { case unwrapped, wrapped, coherence }

  init(
    path: String, network: InterferogramNetwork, geometry: StackGeometry,
    georeference: Georeference?, sensor: Sensor?, equivalentLooks: Double,
    referencePixel: (row: Int, column: Int)?,
    read: @escaping @Sendable (Plane, Int, Range<Int>) throws -> [Float],
    verification: @escaping @Sendable ([Plane]) throws -> Void = { _ in }
  ) {
    self.path = path
    self.network = network
    self.geometry = geometry
    self.georeference = georeference
    self.sensor = sensor
    self.equivalentLooks = equivalentLooks
    self.referencePixel = referencePixel
    self.read = read
    self.verification = verification
  }

  /// Opens a stack folder of this project, or MintPy's `ifgramStack.h5` (or the folder above it).
  /// - Throws: `StackIOError.badStack`, `RasterError`, `InSARPhaseError` for what the stack says.
  public static func open(_ path: String) throws -> StackSource {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw StackIOError.badStack(
        path: path, reason: "there is no such file or folder", remedy: "Check the path.")
    }
    guard isFolder.boolValue else { return try openMintPyOrFail(path) }
    if FileManager.default.fileExists(atPath: "\(path)/\(StackManifest.fileName)") {
      return try openFolder(path)
    }
    for name in ["ifgramStack.h5", "inputs/ifgramStack.h5", "mintpy/inputs/ifgramStack.h5"]
    where FileManager.default.fileExists(atPath: "\(path)/\(name)") {
      return try openMintPyOrFail("\(path)/\(name)")
    }
    throw StackIOError.badStack(
      path: path, reason: "it holds neither \(StackManifest.fileName) nor inputs/ifgramStack.h5",
      remedy: "Give a folder that `ganinsar compose` wrote, or MintPy's ifgramStack.h5.")
  }

  private static func openMintPyOrFail(_ path: String) throws -> StackSource {
    #if GDAL
      return try openMintPy(path)
    #else
      throw RasterError.needsGDAL(path: path)
    #endif
  }

  /// Rows of one plane of interferogram `index` (of `network.pairs`), [rows x width]; NaN where there
  /// is no data.
  /// - Throws: `StackIOError.badStack`, `RasterError`.
  public func plane(_ plane: Plane, _ index: Int, rows: Range<Int>) throws -> [Float] {
    try read(plane, index, rows)
  }

  /// Compares what is stored with its checksums, where there are any.
  /// - Throws: `StackIOError.badStack` naming the file.
  public func verify(_ planes: [Plane]) throws { try verification(planes) }
}
