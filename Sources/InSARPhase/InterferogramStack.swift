import Kernel

/// The interferograms of a rate map: the paper's equation 1 over a network, one at a time.
///
/// Random quantities depend only on the seed and what they belong to, the scene or its dates: a date has the same
/// atmosphere in every interferogram and in every network, and any interferogram can be made
/// independently of the others.
public struct InterferogramStack: Sendable {
  public let geometry: StackGeometry
  public let network: InterferogramNetwork
  public let model: PhaseModel
  public let seed: UInt64
  /// [height x width] in cm/yr; NaN where there is no data.
  public let rateCMPerYear: [Float]
  /// [height x width] in m, when given.
  public let demMeters: [Float]?
  /// True height minus DEM height (DEM error), [height x width] in m, given or drawn at random;
  /// `nil` if the model has no topographic error.
  public let demErrorMeters: [Float]?
  /// Factors of each pixel's coherence, [height x width] in [0, 1], when given; the ground cover of
  /// the model is then not drawn.
  public let coherenceMap: [Float]?

  /// The delay of a day since 1970 in rad, [height x width], in the place of drawn turbulence; the
  /// second argument is the strength that drawn turbulence would have on this day.
  package typealias DelayOfDay = @Sendable (Int, _ strength: Double) throws -> [Float]

  private let delayOfDay: DelayOfDay?
  private let turbulenceField: ScaledField?
  private let groundCover: CoherenceMap?
  /// Used by stratification, for each date.
  private let demMeanMeters: Double

  /// - Throws: `InSARPhaseError` for a plane of a different size, invalid settings, a coherence map
  ///   with values outside [0, 1], an infinite rate, or stratification without a DEM or with one
  ///   that does not cover the scene.
  public init(
    rateCMPerYear: [Float], demMeters: [Float]? = nil, demErrorMeters: [Float]? = nil,
    coherenceMap: [Float]? = nil, geometry: StackGeometry, network: InterferogramNetwork,
    model: PhaseModel = PhaseModel(), seed: UInt64
  ) throws {
    try self.init(
      rateCMPerYear: rateCMPerYear, demMeters: demMeters, demErrorMeters: demErrorMeters,
      coherenceMap: coherenceMap, geometry: geometry, network: network, model: model, seed: seed,
      fields: nil)
  }

  /// - Parameters:
  ///   - fields: of other stacks; `nil`: the stack makes its own.
  ///   - delayOfDay: a function of the day alone, so that a date has one delay in all interferograms.
  package init(
    rateCMPerYear: [Float], demMeters: [Float]?, demErrorMeters: [Float]?,
    coherenceMap: [Float]?, geometry: StackGeometry, network: InterferogramNetwork,
    model: PhaseModel, seed: UInt64, fields: SharedFields?, delayOfDay: DelayOfDay? = nil
  ) throws {
    try model.validate()
    let planes = [
      ("the rate map", rateCMPerYear), ("the DEM", demMeters),
      ("the height error", demErrorMeters), ("the coherence map", coherenceMap),
    ]
    for (name, plane) in planes {
      guard let plane, plane.count != geometry.count else { continue }
      throw InSARPhaseError.sizesDiffer(
        quantity: name, expected: geometry.count, got: plane.count)
    }
    if Planes.count(rateCMPerYear, where: { $0 == 0x7f80_0000 }) > 0,
      let infinite = rateCMPerYear.first(where: { $0.isInfinite })
    {
      throw InSARPhaseError.outOfRange(
        quantity: "a rate in cm/yr", value: Double(infinite),
        expected: "numbers, or NaN where there is no data")
    }
    if let bad = coherenceMap?.first(where: { !(0...1).contains($0) }) {
      throw InSARPhaseError.outOfRange(
        quantity: "a value of the coherence map", value: Double(bad), expected: "values in 0...1")
    }
    if model.has(.stratification) {
      guard let demMeters else {
        throw InSARPhaseError.missing(what: "a DEM", neededFor: "the component stratification")
      }
      let holes =
        Planes.count(demMeters, where: { $0 >= 0x7f80_0000 }) == 0
        ? 0 : demMeters.indices.count { !demMeters[$0].isFinite && !rateCMPerYear[$0].isNaN }
      guard holes == 0 else {
        throw InSARPhaseError.outOfRange(
          quantity: "the number of pixels with a rate and without a height", value: Double(holes),
          expected: "a DEM that covers the rate map")
      }
    }
    self.geometry = geometry
    self.network = network
    self.model = model
    self.seed = seed
    self.rateCMPerYear = rateCMPerYear
    self.demMeters = demMeters
    self.coherenceMap = coherenceMap
    demMeanMeters = model.has(.stratification) ? Stratification.mean(demMeters ?? []) : 0
    self.delayOfDay = model.has(.turbulence) ? delayOfDay : nil
    turbulenceField =
      model.has(.turbulence) && delayOfDay == nil
      ? try Self.field(
        geometry, model.turbulence.spectrum, model.turbulence.scale(geometry.radar), fields) : nil
    groundCover =
      model.has(.decorrelation) && model.coherence.source == .drawn && coherenceMap == nil
      ? try CoherenceMap(
        model.coherence, ground: model.decorrelation,
        fields: fields?.covers(model.coherence, geometry)
          ?? CoherenceMap.Fields(
            model.coherence, width: geometry.width, height: geometry.height,
            pixelSizeMeters: geometry.pixelSizeMeters),
        width: geometry.width, height: geometry.height,
        pixelSizeMeters: geometry.pixelSizeMeters, radar: geometry.radar, heightMeters: demMeters,
        key: { CounterRandom(seed, .stackCoherence, $0) }) : nil
    if model.has(.topographicError) {
      self.demErrorMeters =
        try demErrorMeters ?? Self.drawnDEMError(geometry, model.heightError, seed, fields)
    } else {
      self.demErrorMeters = nil
    }
  }

  /// What the drawn ground cover covers; `nil` if none is drawn.
  public var coverFractions: GroundCoverFractions? { groundCover?.fractions }

  /// The components that this stack's interferograms have.
  public var components: [PhaseComponent] { PhaseComponent.allCases.filter(model.has) }

  private static func field(
    _ geometry: StackGeometry, _ spectrum: TurbulenceSpectrum, _ scale: RandomField.Scale,
    _ fields: SharedFields?
  ) throws -> ScaledField {
    if let fields { return try fields.field(geometry, spectrum, scale) }
    return ScaledField(
      field: try RandomField(
        width: geometry.width, height: geometry.height, pixelSizeMeters: geometry.pixelSizeMeters,
        spectrum: spectrum, scale: scale), factor: 1)
  }

  private static func drawnDEMError(
    _ geometry: StackGeometry, _ settings: PhaseModel.DEMError, _ seed: UInt64,
    _ fields: SharedFields?
  ) throws -> [Float] {
    try field(geometry, settings.spectrum, settings.scale, fields)
      .field(CounterRandom(seed, .stackDEMError))
  }
}

// MARK: - Dates
extension InterferogramStack {
  /// Turbulence, stratification, ramp and, in a closure-consistent stack, noise of one date.
  /// - Throws: `InSARPhaseError` if memory runs out and where the DEM is too high.
  public func datePhase(_ date: Int) throws -> DatePhase {
    let days = day(date)
    func key(_ stream: RandomStream) -> CounterRandom { self.key(stream, day: days) }
    var planes: [PhaseComponent: [Float]] = [:]
    if let delayOfDay { planes[.turbulence] = try delayOfDay(days, strength(day: days)) }
    if let turbulenceField {
      planes[.turbulence] = try turbulenceField.field(
        key(.stackTurbulence),
        times: strength(day: days))
    }
    if model.has(.stratification), let demMeters {
      let draw = model.stratification.draw(
        day: Double(days), key(.stackStratification))
      planes[.stratification] = try model.stratification.radians(
        heightMeters: demMeters, mean: demMeanMeters, draw)
    }
    if model.has(.orbitalRamp) {
      planes[.orbitalRamp] = OrbitalRamp.radians(
        rampCoefficients(day: days), width: geometry.width, height: geometry.height)
    }
    if model.has(.decorrelation), model.decorrelation.consistency == .perDate {
      let coherence = coherence(days: 0, perpendicularBaselineMeters: 0, day: Double(days))
      planes[.decorrelation] = model.decorrelation.noiseRadians(
        coherence: coherence.map { $0.squareRoot() }, key(.stackDateNoise))
    }
    return DatePhase(components: planes)
  }

  /// Of turbulence.
  private func strength(day: Int) -> Double {
    model.turbulence.strength(day: Double(day), key(.stackTurbulenceStrength, day: day))
  }

  /// Days since 1970.
  private func day(_ date: Int) -> Int { network.acquisitions[date].date.daysSince1970 }

  /// What is random about a date is a function of its day.
  private func key(_ stream: RandomStream, day: Int) -> CounterRandom {
    CounterRandom(seed, stream, UInt64(bitPattern: Int64(day)))
  }

  private func rampCoefficients(day: Int) -> [Double] {
    model.orbitalRamp.coefficients(
      key(.stackOrbitalRamp, day: day),
      widthMeters: Double(geometry.width) * geometry.pixelSizeMeters,
      heightMeters: Double(geometry.height) * geometry.pixelSizeMeters)
  }

  /// Coherence of a pair with its middle on a day since 1970, [height x width].
  private func coherence(
    days: Double, perpendicularBaselineMeters: Double, day: Double
  ) -> [Float] {
    let isPerDate = model.decorrelation.consistency == .perDate
    if let groundCover {
      return groundCover.coherence(
        days: isPerDate ? 0 : days,
        perpendicularBaselineMeters: isPerDate ? 0 : perpendicularBaselineMeters, day: day)
    }
    let base = Float(
      model.decorrelation.coherence(
        days: days, perpendicularBaselineMeters: perpendicularBaselineMeters,
        criticalBaselineMeters: geometry.radar.criticalBaselineMeters))
    return coherenceMap.map { Planes.scaled($0, by: base) }
      ?? [Float](repeating: base, count: geometry.count)
  }
}

// MARK: - Interferograms
extension InterferogramStack {
  /// The interferogram of `network.pairs[index]`.
  public func interferogram(_ index: Int) throws -> Interferogram {
    let pair = network.pairs[index]
    return try interferogram(
      index, reference: datePhase(pair.reference), secondary: datePhase(pair.secondary))
  }

  /// Makes the interferograms of `indices` (default: all) in order and passes each to `body`. The
  /// phase of a date is kept as long as a later pair of `indices` needs it.
  public func forEachInterferogram(
    _ indices: [Int]? = nil, _ body: (Interferogram) throws -> Void
  ) throws {
    let indices = indices ?? Array(network.pairs.indices)
    var lastUse: [Int: Int] = [:]
    for (position, index) in indices.enumerated() {
      lastUse[network.pairs[index].reference] = position
      lastUse[network.pairs[index].secondary] = position
    }
    var kept: [Int: DatePhase] = [:]
    for (position, index) in indices.enumerated() {
      let pair = network.pairs[index]
      for date in [pair.reference, pair.secondary] where kept[date] == nil {
        kept[date] = try datePhase(date)
      }
      guard let reference = kept[pair.reference], let secondary = kept[pair.secondary] else {
        continue
      }
      try body(interferogram(index, reference: reference, secondary: secondary))
      for date in [pair.reference, pair.secondary] where lastUse[date] == position {
        kept[date] = nil
      }
    }
  }

  private func interferogram(
    _ index: Int, reference: DatePhase, secondary: DatePhase,
    differences given: [PhaseComponent: [Float]] = [:], referencePixel: Int? = nil
  ) throws -> Interferogram {
    let pair = network.pairs[index]
    let days = Double(network.days(pair))
    let baseline = network.perpendicularBaselineMeters(pair)
    var differences = given
    var coherence: [Float]
    if !model.has(.decorrelation) {
      coherence = [Float](repeating: 1, count: geometry.count)
    } else {
      let reference = Double(day(pair.reference))
      coherence = self.coherence(
        days: days, perpendicularBaselineMeters: baseline, day: reference + days / 2)
      if model.decorrelation.consistency == .perPair {
        let days = [pair.reference, pair.secondary].map { UInt64(bitPattern: Int64(day($0))) }
        differences[.decorrelation] = model.decorrelation.noiseRadians(
          coherence: coherence,
          CounterRandom(seed, .stackPairNoise, days[0], days[1]))
      }
    }
    // Pixels without data have coherence 0.
    coherence.withUnsafeMutableBufferPointer { coherence in
      rateCMPerYear.withUnsafeBufferPointer { rates in
        for pixel in 0..<coherence.count {
          coherence[pixel] = rates[pixel].isNaN ? 0 : coherence[pixel]
        }
      }
    }
    return try Interferogram(
      index: index, width: geometry.width, height: geometry.height, model: model,
      radar: geometry.radar, days: days, perpendicularBaselineMeters: baseline,
      rateCMPerYear: rateCMPerYear, demErrorMeters: demErrorMeters,
      dates: (reference, secondary), differences: differences, coherence: coherence,
      referencePixel: referencePixel)
  }

  /// The interferogram of a pair whose dates are in no other one that is used, referenced to a pixel.
  ///
  /// What the two dates have is then made as one difference: the difference of two independent
  /// turbulent delays is one field with the squares of their strengths added.
  /// - Throws: as `interferogram`, and `InSARPhaseError.outOfRange` for a reference pixel without data.
  package func loneInterferogram(_ index: Int, referencePixel: Int?) throws -> Interferogram {
    guard model.decorrelation.consistency == .perPair || !model.has(.decorrelation),
      model.stratification.law == .linear || !model.has(.stratification)
    else {
      let interferogram = try interferogram(index)
      return try referencePixel.map {
        try interferogram.referenced(toPixel: $0, filter: model.goldstein)
      } ?? interferogram
    }
    let pair = network.pairs[index]
    let days = [pair.reference, pair.secondary].map(day)
    func keys(_ stream: RandomStream) -> [CounterRandom] { days.map { key(stream, day: $0) } }
    var differences: [PhaseComponent: [Float]] = [:]
    if let delayOfDay {
      let delays = try days.map { try delayOfDay($0, strength(day: $0)) }
      differences[.turbulence] = zip(delays[1], delays[0]).map(-)
    }
    if let turbulenceField {
      let strengths = days.map(strength)
      let strength = (strengths[0] * strengths[0] + strengths[1] * strengths[1]).squareRoot()
      differences[.turbulence] = try turbulenceField.field(
        keys(.stackTurbulence)[1], times: strength)
    }
    if model.has(.stratification), let demMeters {
      let draws = zip(days, keys(.stackStratification)).map {
        model.stratification.draw(day: Double($0), $1)
      }
      var difference = draws[1]
      difference.radiansPerKilometer -= draws[0].radiansPerKilometer
      differences[.stratification] = try model.stratification.radians(
        heightMeters: demMeters, mean: demMeanMeters, difference)
    }
    if model.has(.orbitalRamp) {
      let ramps = days.map(rampCoefficients)
      differences[.orbitalRamp] = OrbitalRamp.radians(
        zip(ramps[1], ramps[0]).map { $0 - $1 }, width: geometry.width, height: geometry.height)
    }
    return try interferogram(
      index, reference: DatePhase(), secondary: DatePhase(), differences: differences,
      referencePixel: referencePixel)
  }
}
