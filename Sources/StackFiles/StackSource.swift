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
  /// For the weights: independent looks behind each coherence.
  public internal(set) var equivalentLooks = 1.0
  /// Row and column to which the stack's phases are referred, where it says. It may lie outside.
  public internal(set) var referencePixel: (row: Int, column: Int)?
  /// Whether each interferogram has a constant of its own until `referencePixel` is subtracted.
  public internal(set) var needsReference = false
  /// Dataset or layer with the unwrapped phases.
  public internal(set) var phaseName: String
  /// The same with the wrapped ones.
  public internal(set) var wrappedName: String
  public internal(set) var hasCoherence = true
  /// Pairs whose perpendicular baseline is not known; the network has 0 for them.
  public internal(set) var unknownBaselines: [InterferogramPair] = []
  /// What a user should know about how the stack was read.
  public internal(set) var notes: [String] = []
  /// The same where unwrapped phases are fitted.
  public internal(set) var phaseNotes: [String] = []
  /// The same where height errors are estimated.
  public internal(set) var geometryNotes: [String] = []

  /// What an inversion reads of each interferogram.
  public enum Plane: String, Sendable { case unwrapped, wrapped, coherence }

  /// Plane, index of the pair, rows, and whether a phase of exactly 0 is data.
  typealias Reading = @Sendable (Plane, Int, Range<Int>, Bool) throws -> [Float]
  private let read: Reading
  var verification: @Sendable ([Plane]) throws -> Void = { _ in }
  /// Reads a plane that the stack was made from, by name; `nil` where there is none.
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
  /// - Parameter dataset: which phases to take: a dataset of MintPy's file or a layer of a stack
  ///   folder. By default those that were corrected last, or the unwrapped ones.
  /// - Throws: `StackIOError.badStack` for what the stack says, `RasterError` for what does not read.
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
      path: path, reason: "it holds neither \(StackManifest.fileName) nor inputs/ifgramStack.h5",
      remedy: "Give a folder that `ganinsar compose` wrote, or MintPy's ifgramStack.h5.")
  }

  private static func openMintPyOrFail(_ path: String, _ dataset: String?) throws -> StackSource {
    #if GDAL
      return try openMintPy(path, dataset: dataset)
    #else
      throw RasterError.needsGDAL(path: path)
    #endif
  }

  /// What `body` finds wrong with a network or a geometry, as an error that names the file.
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

  /// The phase of one pixel in each interferogram; NaN where there is none.
  ///
  /// Where all are exactly 0 the stack is referred to that pixel already.
  /// - Throws: `StackIOError.badStack`, `RasterError`.
  package func phases(_ plane: Plane, row: Int, column: Int) throws -> [Float] {
    let values = try network.pairs.indices.map { try read(plane, $0, row..<row + 1, true)[column] }
    if values.allSatisfy({ $0 == 0 }) { return values }
    return try network.pairs.indices.map { try read(plane, $0, row..<row + 1, false)[column] }
  }

  /// Compares what is stored with its checksums, where there are any.
  /// - Throws: `StackIOError.badStack` naming the file.
  public func verify(_ planes: [Plane]) throws { try verification(planes) }
}
