/// One interferogram and all its components. Planes are row-major, row 0 in the north.
public struct Interferogram: Sendable, Equatable {
  /// Its index in `InterferogramNetwork.pairs`.
  public let index: Int
  public let width: Int
  public let height: Int
  /// The components that the stack has, each [height x width] in rad.
  public let componentsRadians: [PhaseComponent: [Float]]
  /// Their sum in the order of `PhaseComponent.allCases`, [height x width]; NaN where there is no
  /// data.
  public let unwrappedRadians: [Float]
  /// `unwrappedRadians` in [-pi, pi), [height x width].
  public let wrappedRadians: [Float]
  /// `wrappedRadians` after the Goldstein filter, [height x width]; `nil` if the model has none.
  public let filteredRadians: [Float]?
  /// Coherence in [0, 1], [height x width]; 1 in a stack without decorrelation.
  public let coherence: [Float]

  /// Adds the components, wraps the sum, and filters it if `filter` has an exponent.
  /// - Throws: `InSARPhaseError.sizesDiffer` unless every plane has width x height values.
  public init(
    index: Int, width: Int, height: Int, componentsRadians: [PhaseComponent: [Float]],
    coherence: [Float], filter: GoldsteinFilter = GoldsteinFilter()
  ) throws {
    let count = width * height
    guard coherence.count == count else {
      throw InSARPhaseError.sizesDiffer(
        quantity: "the coherence", expected: count, got: coherence.count)
    }
    var planes: [[Float]] = []
    for component in PhaseComponent.allCases {
      guard let plane = componentsRadians[component] else { continue }
      guard plane.count == count else {
        throw InSARPhaseError.sizesDiffer(
          quantity: "the component \(component.rawValue)", expected: count, got: plane.count)
      }
      planes.append(plane)
    }
    let sum = Planes.sum(planes, count: count)
    self.index = index
    self.width = width
    self.height = height
    self.componentsRadians = componentsRadians
    unwrappedRadians = sum
    let phase = wrapped(sum)
    wrappedRadians = phase
    filteredRadians =
      filter.alpha > 0 ? try filter.filtered(phase, width: width, height: height) : nil
    self.coherence = coherence
  }
}

// MARK: - Equation 1
extension Interferogram {
  /// The paper's equation 1: deformation, topographic error, what the secondary date has and the
  /// reference date has not, and `differences`, added up and wrapped.
  ///
  /// - Parameters:
  ///   - rateCMPerYear: [height x width]; used if the model has deformation.
  ///   - demErrorMeters: [height x width]; `nil` without topographic error.
  ///   - dates: what belongs to each date, in rad.
  ///   - differences: components that are made for the pair itself, in rad.
  ///   - referencePixel: whose phase is subtracted from every component.
  init(
    index: Int, width: Int, height: Int, model: PhaseModel, radar: RadarGeometry, days: Double,
    perpendicularBaselineMeters: Double, rateCMPerYear: [Float], demErrorMeters: [Float]?,
    dates: (reference: DatePhase, secondary: DatePhase), differences: [PhaseComponent: [Float]],
    coherence: [Float], referencePixel: Int? = nil
  ) throws {
    var planes = differences
    if model.has(.deformation) {
      planes[.deformation] = DeformationPhase(radar)
        .radians(rateCMPerYear: rateCMPerYear, days: days)
    }
    if let demErrorMeters {
      planes[.topographicError] = TopographicError(radar).radians(
        demErrorMeters: demErrorMeters,
        perpendicularBaselineMeters: perpendicularBaselineMeters)
    }
    for (component, later) in dates.secondary.components {
      guard let earlier = dates.reference.components[component] else { continue }
      planes[component] = Planes.difference(later, earlier)
    }
    if let referencePixel {
      planes = try planes.mapValues { try Self.referenced($0, toPixel: referencePixel) }
    }
    try self.init(
      index: index, width: width, height: height, componentsRadians: planes, coherence: coherence,
      filter: model.goldstein)
  }

  private static func referenced(_ plane: [Float], toPixel pixel: Int) throws -> [Float] {
    guard plane.indices.contains(pixel), plane[pixel].isFinite else {
      throw InSARPhaseError.outOfRange(
        quantity: "the number of the reference pixel", value: Double(pixel),
        expected: "a pixel with data")
    }
    let reference = plane[pixel]
    return plane.withUnsafeBufferPointer { plane in
      Planes.filled(plane.count) { out in
        for pixel in 0..<plane.count { out[pixel] = plane[pixel] - reference }
      }
    }
  }
}

/// The phase of one date in interferograms in which it is the secondary, [height x width] in rad.
public struct DatePhase: Sendable, Equatable {
  public internal(set) var components: [PhaseComponent: [Float]] = [:]
}

// MARK: - As products have them
extension Interferogram {
  /// Minus the phase of a pixel, in every component and so in their sum.
  /// - Throws: `InSARPhaseError.outOfRange` for a pixel outside, or without data.
  package func referenced(toPixel pixel: Int, filter: GoldsteinFilter) throws -> Interferogram {
    try Interferogram(
      index: index, width: width, height: height,
      componentsRadians: componentsRadians.mapValues { try Self.referenced($0, toPixel: pixel) },
      coherence: coherence, filter: filter)
  }

  /// Without the phases of pixels whose coherence is below `least`; components keep them.
  package func masked(coherenceBelow least: Double) -> Interferogram {
    let least = Float(least)
    func masked(_ plane: [Float]) -> [Float] {
      var plane = plane
      for pixel in coherence.indices where coherence[pixel] < least { plane[pixel] = .nan }
      return plane
    }
    return Interferogram(
      self, unwrapped: masked(unwrappedRadians), wrapped: masked(wrappedRadians),
      filtered: filteredRadians.map(masked))
  }

  private init(
    _ other: Interferogram, unwrapped: [Float], wrapped: [Float], filtered: [Float]?
  ) {
    (index, width, height) = (other.index, other.width, other.height)
    componentsRadians = other.componentsRadians
    (unwrappedRadians, wrappedRadians, filteredRadians) = (unwrapped, wrapped, filtered)
    coherence = other.coherence
  }

  /// The wrapped phase without decorrelation noise, [height x width].
  package var noiseFreeWrappedRadians: [Float] {
    guard let noise = componentsRadians[.decorrelation] else { return wrappedRadians }
    return InSARPhase.wrapped(Planes.difference(unwrappedRadians, noise))
  }
}
