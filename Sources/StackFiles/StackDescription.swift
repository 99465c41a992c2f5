import InSARPhase
import Kernel
import Rasters

/// A plane of the ground truth from which a stack was made.
public struct TruthPlane: Sendable, Equatable {
  /// The name, such as `rate`, `height_error` or `dem`, which is also the file's name.
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

/// The properties of a stack that are known before its first interferogram is made.
public struct StackDescription: Sendable {
  public var network: InterferogramNetwork
  public var geometry: StackGeometry
  public var georeference: Georeference?
  public var sensor: Sensor
  /// Number of independent looks, for the weights of an inversion.
  public var equivalentLooks: Double
  /// The components of every interferogram.
  public var components: [PhaseComponent]
  public var truth: [TruthPlane]
  /// Row and column of the reference pixel, which has data in every interferogram.
  public var referencePixel: (row: Int, column: Int)
  /// Whether interferograms have a filtered phase.
  public var isFiltered = false
  /// Where the heights come from; `nil` without heights.
  public var heights: RasterOrigin?
  /// Where the coherence map comes from; `nil` without one.
  public var coherence: RasterOrigin?
  /// Where the delay of each date comes from; `nil` where turbulence is drawn.
  public var atmosphere: [DateOrigin]?

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

  /// The planes of every interferogram.
  package var layers: [StackLayer] { StackLayer.all(components, isFiltered: isFiltered) }

  var dem: [Float]? { truth.first { $0.name == "dem" }?.values }

  /// The sign convention of the phases in all formats.
  package static let signConvention =
    "phase is secondary (later) minus reference (earlier); motion toward the satellite lowers it: "
    + "phase = -4 pi / wavelength * displacement"
}

/// Where a plane of a composition comes from.
public struct RasterOrigin: Codable, Sendable, Equatable {
  public enum Kind: String, Codable, Sendable {
    /// A file, on the grid of the rate map.
    case file
    /// A random crop of a file, without resampling.
    case crop
    /// Drawn at random.
    case synthetic
  }

  public var kind: Kind
  /// The file's name.
  public var file: String?
  /// Upper left pixel of the crop.
  public var row: Int?
  public var column: Int?
  /// What heights above the lowest of a crop were multiplied by, for pixels of another size.
  public var heightFactor: Double?

  package init(kind: Kind, file: String? = nil, row: Int? = nil, column: Int? = nil) {
    (self.kind, self.file, self.row, self.column) = (kind, file, row, column)
  }
}

/// Other programs in whose file layouts a stack can be written.
public enum StackFormat: String, Sendable, Codable, CaseIterable {
  /// `mintpy/inputs/ifgramStack.h5` and `geometryGeo.h5`.
  case mintpy
  /// `licsbas/GEOCml1/`, as LiCSBAS's step 02 leaves it.
  case licsbas
  /// `geotiff/<pair>/<layer>.tif`, including every component.
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

  /// Starts writing in a folder with the format's name inside `folder`.
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

/// Writes the interferograms of a stack one after the other.
package protocol StackSink {
  mutating func add(_ interferogram: Interferogram) throws
  mutating func finish() throws
}

extension StackSink {
  mutating func finish() throws {}
}

/// Where the delay of a date comes from.
public struct DateOrigin: Codable, Sendable, Equatable {
  public var date: AcquisitionDate
  public var origin: RasterOrigin
  /// How the crop was turned.
  public var symmetry: SquareSymmetry

  package init(date: AcquisitionDate, origin: RasterOrigin, symmetry: SquareSymmetry) {
    self.date = date
    self.origin = origin
    self.symmetry = symmetry
  }
}
