import DurableFiles
import Foundation
import InSARPhase
import Rasters

/// A stack of interferograms in files, read plane by plane.
public struct StackSource: Sendable {
  public let path: String
  public let network: InterferogramNetwork
  public let geometry: StackGeometry
  public internal(set) var georeference: Georeference?
  public internal(set) var sensor: Sensor?
  /// Number of independent looks, for the weights.
  public internal(set) var equivalentLooks = 1.0
  /// Row and column of the stack's reference pixel, if the stack states it. It may be outside the
  /// image.
  public internal(set) var referencePixel: (row: Int, column: Int)?
  /// Whether each interferogram has an unknown constant until `referencePixel` is subtracted.
  public internal(set) var needsReference = false
  /// Dataset or layer with the unwrapped phases.
  public internal(set) var phaseName: String
  /// The same with the wrapped ones.
  public internal(set) var wrappedName: String
  public internal(set) var hasCoherence = true
  /// Pairs with unknown perpendicular baseline, which is 0 in the network.
  public internal(set) var unknownBaselines: [InterferogramPair] = []
  /// Notes for the user about how the stack was read.
  public internal(set) var notes: [String] = []
  /// Notes that apply if unwrapped phases are fitted.
  public internal(set) var phaseNotes: [String] = []
  /// Notes that apply if DEM errors are estimated.
  public internal(set) var geometryNotes: [String] = []

  /// The planes of an interferogram that an inversion reads.
  public enum Plane: String, Sendable { case unwrapped, wrapped, coherence }

  /// Plane, index of the pair, rows, and whether a phase of exactly 0 is data.
  typealias Reading = @Sendable (Plane, Int, Range<Int>, Bool) throws -> [Float]
  private let read: Reading
  var verification: @Sendable ([Plane]) throws -> Void = { _ in }
  /// Reads a plane of the ground truth by name; `nil` if there is none.
  package var truth: @Sendable (String) throws -> [Float]? = { _ in nil }

  init(
    path: String, network: InterferogramNetwork, geometry: StackGeometry, phaseName: String,
    read: @escaping Reading
  ) {
    self.path = path
    self.network = network
    self.geometry = geometry
    self.phaseName = phaseName
    wrappedName = phaseName
    self.read = read
  }

  /// Opens a stack folder of this project, or MintPy's `ifgramStack.h5` (or the folder above it).
  ///
  /// - Parameter dataset: the phases to use: a dataset of MintPy's file or a layer of a stack
  ///   folder. Default: those that were corrected last, or the unwrapped ones.
  /// - Throws: `StackIOError.badStack` for an invalid stack, `RasterError` for a file that cannot
  ///   be read.
  public static func open(_ path: String, dataset: String? = nil) throws -> StackSource {
    guard FileSystem.exists(path) else {
      throw StackIOError.badStack(
        path: path, reason: "there is no such file or folder", remedy: "Check the path.")
    }
    guard FileSystem.isFolder(path) else { return try openMintPyOrFail(path, dataset) }
    if FileSystem.exists("\(path)/\(StackManifest.fileName)") {
      return try openFolder(path, dataset: dataset)
    }
    for name in ["ifgramStack.h5", "inputs/ifgramStack.h5", "mintpy/inputs/ifgramStack.h5"]
    where FileSystem.exists("\(path)/\(name)") {
      return try openMintPyOrFail("\(path)/\(name)", dataset)
    }
    throw StackIOError.badStack(
      path: path, reason: "it contains neither \(StackManifest.fileName) nor inputs/ifgramStack.h5",
      remedy: "Give a folder that `ganinsar compose` wrote, or MintPy's ifgramStack.h5.")
  }

  private static func openMintPyOrFail(_ path: String, _ dataset: String?) throws -> StackSource {
    #if GDAL
      return try openMintPy(path, dataset: dataset)
    #else
      throw RasterError.needsGDAL(path: path)
    #endif
  }

  /// Adds the name of the file to errors of `body` about a network or a geometry.
  static func naming<T>(_ path: String, _ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch InSARPhaseError.settings(let faults) {
      throw StackIOError.badStack(path: path, reason: faults.joined(separator: "; "), remedy: "")
    } catch let error as InSARPhaseError {
      throw StackIOError.badStack(
        path: path, reason: String("\(error)".reversed().drop { $0 == "." }.reversed()), remedy: "")
    }
  }

  /// Rows of one plane of interferogram `index` (of `network.pairs`), [rows x width]; NaN where there
  /// is no data.
  /// - Throws: `StackIOError.badStack`, `RasterError`.
  public func plane(_ plane: Plane, _ index: Int, rows: Range<Int>) throws -> [Float] {
    try read(plane, index, rows, false)
  }

  /// The phase of one pixel in each interferogram; NaN for no data.
  ///
  /// If all are exactly 0, the stack is already referenced to that pixel.
  /// - Throws: `StackIOError.badStack`, `RasterError`.
  package func phases(_ plane: Plane, row: Int, column: Int) throws -> [Float] {
    let values = try network.pairs.indices.map { try read(plane, $0, row..<row + 1, true)[column] }
    if values.allSatisfy({ $0 == 0 }) { return values }
    return try network.pairs.indices.map { try read(plane, $0, row..<row + 1, false)[column] }
  }

  /// Verifies the checksums of the stored planes, if there are any.
  /// - Throws: `StackIOError.badStack` naming the file.
  public func verify(_ planes: [Plane]) throws { try verification(planes) }
}
