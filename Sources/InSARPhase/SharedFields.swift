import Kernel
import Synchronization

/// Random fields that stacks on grids of one size share.
///
/// Finding the amplitude of every wavenumber takes longer than drawing a field, so many small stacks
/// (samples for machine learning) keep what depends on grid and spectrum alone, with strength 1. Safe
/// to use from several threads.
package final class SharedFields: Sendable {
  private struct Key: Hashable {
    var width: Int
    var height: Int
    var pixelSizeMeters: Double
    var spectrum: TurbulenceSpectrum
    var unit: RandomField.Scale
  }
  private struct CoverKey: Hashable {
    var width: Int
    var height: Int
    var pixelSizeMeters: Double
    /// Sizes in m; 0 for what there is not.
    var sizes: [Double]
  }
  private struct Store: Sendable {
    var fields: [Key: RandomField] = [:]
    var covers: [CoverKey: CoherenceMap.Fields] = [:]
  }

  /// Where each stack has a spectrum of its own, keeping them all would fill the memory.
  private static let most = 16

  private let padding: Double
  private let store = Mutex(Store())

  /// - Parameter padding: the ratio of the size of the finest transformed grid to that of a stack, 1
  ///   to 4; a small one is fast, and correlates opposite edges.
  package init(padding: Double = 1.125) { self.padding = padding }

  /// - Throws: as `RandomField.init`.
  package func field(
    _ geometry: StackGeometry, _ spectrum: TurbulenceSpectrum, _ scale: RandomField.Scale
  ) throws -> ScaledField {
    let (unit, factor) = scale.unit
    let key = Key(
      width: geometry.width, height: geometry.height, pixelSizeMeters: geometry.pixelSizeMeters,
      spectrum: spectrum, unit: unit)
    if let field = store.withLock({ $0.fields[key] }) {
      return ScaledField(field: field, factor: factor)
    }
    let field = try RandomField(
      width: key.width, height: key.height, pixelSizeMeters: key.pixelSizeMeters,
      spectrum: spectrum, scale: unit, padding: padding)
    store.withLock {
      if $0.fields.count >= Self.most { $0.fields.removeAll() }
      $0.fields[key] = field
    }
    return ScaledField(field: field, factor: factor)
  }

  /// - Throws: as `CoherenceMap.Fields.init`.
  func covers(_ settings: CoherenceScene, _ geometry: StackGeometry) throws
    -> CoherenceMap.Fields
  {
    let covers = [settings.water, settings.vegetation, settings.urban]
    let key = CoverKey(
      width: geometry.width, height: geometry.height, pixelSizeMeters: geometry.pixelSizeMeters,
      sizes: [settings.textureDeviation > 0 ? settings.textureMeters : 0]
        + covers.map { $0.fraction > 0 ? $0.bodyMeters : 0 })
    if let fields = store.withLock({ $0.covers[key] }) { return fields }
    let fields = try CoherenceMap.Fields(
      settings, width: key.width, height: key.height, pixelSizeMeters: key.pixelSizeMeters)
    store.withLock {
      if $0.covers.count >= Self.most { $0.covers.removeAll() }
      $0.covers[key] = fields
    }
    return fields
  }
}

/// A random field times a factor.
package struct ScaledField: Sendable {
  let field: RandomField
  let factor: Double

  /// The field of a key, [height x width], times `strength`.
  /// - Throws: `InSARPhaseError.outOfMemory`.
  package func field(_ key: CounterRandom, times strength: Double = 1) throws -> [Float] {
    try field.field(key, times: factor * strength)
  }
}

extension RandomField.Scale {
  /// The same kind of scale with strength 1, and the strength.
  fileprivate var unit: (RandomField.Scale, Double) {
    switch self {
    case .deviation(let value): (.deviation(1), value)
    case .planeDeviation(let value): (.planeDeviation(1), value)
    case .difference(let value, let meters): (.difference(1, meters: meters), value)
    }
  }
}
