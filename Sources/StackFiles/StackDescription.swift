import InSARPhase
import Rasters

/// A plane that a stack was made from, known exactly.
public struct TruthPlane: Sendable, Equatable {
  /// Such as `rate`, `height_error`, `dem`; the file is named for it.
  public var name: String
  public var unit: String
  public var meaning: String
  /// Row-major, [height x width] of the stack.
  public var values: [Float]

  public init(name: String, unit: String, meaning: String, values: [Float]) {
    self.name = name
    self.unit = unit
    self.meaning = meaning
    self.values = values
  }
}

/// All that is known about a stack before its first interferogram is made.
public struct StackDescription: Sendable {
  public var network: InterferogramNetwork
  public var geometry: StackGeometry
  public var georeference: Georeference?
  public var sensor: Sensor
  /// Independent looks behind each coherence, for the weights of an inversion.
  public var equivalentLooks: Double
  /// The components that every interferogram has.
  public var components: [PhaseComponent]
  public var truth: [TruthPlane]
  /// Row and column of the pixel to which programs refer phases; has data in every interferogram.
  public var referencePixel: (row: Int, column: Int)

  public init(
    network: InterferogramNetwork, geometry: StackGeometry, georeference: Georeference?,
    sensor: Sensor, equivalentLooks: Double, components: [PhaseComponent], truth: [TruthPlane],
    referencePixel: (row: Int, column: Int)
  ) {
    self.network = network
    self.geometry = geometry
    self.georeference = georeference
    self.sensor = sensor
    self.equivalentLooks = equivalentLooks
    self.components = components
    self.truth = truth
    self.referencePixel = referencePixel
  }

  var dem: [Float]? { truth.first { $0.name == "dem" }?.values }

  /// What the phases of every format written here mean.
  package static let signConvention =
    "phase is secondary (later) minus reference (earlier); motion toward the satellite lowers it: "
    + "phase = -4 pi / wavelength * displacement"
}

/// Programs whose layout of files a stack is written in, beside the project's own.
public enum StackFormat: String, Sendable, Codable, CaseIterable {
  /// `mintpy/inputs/ifgramStack.h5` and `geometryGeo.h5`.
  case mintpy
  /// `licsbas/GEOCml1/`, as LiCSBAS's step 02 leaves it.
  case licsbas
  /// `geotiff/<pair>/<layer>.tif`, one for every component too.
  case geotiff
  /// `isce/<pair>/filt_fine.unw` with `.xml` and `.vrt`, and `.cor`, `.int`.
  case isce
  /// `roipac/<pair>.unw` with `.rsc`, and `.cor`, `.int`.
  case roipac

  public var isAvailable: Bool {
    #if GDAL
      true
    #else
      self != .mintpy && self != .geotiff
    #endif
  }

  /// Begins the files in a folder of the format's name inside `folder`.
  package func sink(_ stack: StackDescription, folder: String) throws -> any StackSink {
    switch self {
    case .licsbas: return try LiCSBASSink(stack, folder: folder)
    case .isce: return try FlatPairSink(stack, folder: folder, style: .isce)
    case .roipac: return try FlatPairSink(stack, folder: folder, style: .roipac)
    case .mintpy, .geotiff:
      #if GDAL
        return self == .mintpy
          ? try MintPySink(stack, folder: folder) : try GeoTIFFSink(stack, folder: folder)
      #else
        preconditionFailure("the job was checked for formats that this build cannot write")
      #endif
    }
  }
}

/// Takes the interferograms of a stack one after the other and writes them.
package protocol StackSink {
  mutating func add(_ interferogram: Interferogram) throws
  mutating func finish() throws
}

extension StackSink {
  mutating func finish() throws {}
}
