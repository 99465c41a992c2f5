import Foundation
import InSARPhase
import Kernel
import Rasters
import StackFiles
import Synchronization

/// The delays of the dates of a stack.
struct AtmosphereOfDates: Sendable {
  /// Of a day since 1970, in rad, [height x width].
  let radians: InterferogramStack.DelayOfDay
  fileprivate let origin: @Sendable (Int) throws -> (RasterOrigin, SquareSymmetry)

  func origins(_ dates: [AcquisitionDate]) throws -> [DateOrigin] {
    try dates.map { date in
      let (origin, symmetry) = try origin(date.daysSince1970)
      return DateOrigin(date: date, origin: origin, symmetry: symmetry)
    }
  }
}

/// Maps of atmospheric delay, measured or drawn by a model, of which the dates of stacks get random
/// crops, pixel for pixel, in one of the eight orientations (if rate maps are square).
///
/// Maps in m, cm or mm are delays in the line of sight, positive where longer; those in rad are phases
/// of the stack's own wavelength. What a date gets is a function of the stack's seed and its day.
final class AtmosphereMaps: Sendable {
  let paths: [String]
  private let rasters: StackRasters
  /// Root mean squares over all maps, by lag in pixels; 0 for the standard deviation.
  private let amplitudes = Mutex<[Int: Double]>([:])

  init(_ paths: [String], _ rasters: StackRasters) {
    self.paths = paths
    self.rasters = rasters
  }

  /// - Throws: `RasterError` for a map without a unit of delays, `StackIOError` for maps that are too
  ///   small, or a distance that they do not have.
  func delays(over rate: Raster, _ configuration: ComposeConfiguration, stackSeed: UInt64) throws
    -> AtmosphereOfDates
  {
    let geometry = try configuration.geometry(of: rate)
    let radiansPerMeter = -DeformationPhase(geometry.radar).radiansPerMeter
    let turbulence = configuration.model.turbulence
    let amplitude =
      turbulence.mapAmplitude == .scaled
      ? try factor(turbulence, geometry, radiansPerMeter: radiansPerMeter) : nil
    let shape = rate
    @Sendable func crop(_ day: Int) throws -> (StackRasters.Plane, SquareSymmetry, RasterUnit) {
      let key = UInt64(bitPattern: Int64(day))
      var random = CounterRandom(stackSeed, .stackAtmosphereCrop, key)
      let path = self.paths[random.integer(below: self.paths.count)]
      let raster = try self.rasters.delay(path)
      let symmetry = SquareSymmetry.all[random.integer(below: SquareSymmetry.all.count)]
      let plane = try StackRasters.filledCrop(
        raster, of: path, "map of the atmosphere", over: shape, &random)
      return (plane, shape.width == shape.height ? symmetry : .identity, raster.unit ?? .meters)
    }
    return AtmosphereOfDates(
      radians: { day, strength in
        let (plane, symmetry, unit) = try crop(day)
        var factor = unit == .radians ? 1 : radiansPerMeter
        if let amplitude { factor *= amplitude * strength }
        let values =
          symmetry == .identity ? plane.values : symmetry(plane.values, side: shape.width)
        return values.map { $0 * Float(factor) }
      },
      origin: { day in
        let (plane, symmetry, _) = try crop(day)
        return (plane.origin, symmetry)
      })
  }

  /// What all maps are multiplied by, so that they have the amplitude of the settings.
  private func factor(
    _ turbulence: Turbulence, _ geometry: StackGeometry, radiansPerMeter: Double
  ) throws -> Double {
    if let deviation = turbulence.deviationMeters {
      return deviation / (try amplitude(lag: 0, radiansPerMeter: radiansPerMeter))
    }
    let lag = Int((turbulence.distanceMeters / geometry.pixelSizeMeters).rounded())
    let side = try paths.map { try rasters.delay($0) }.map { min($0.width, $0.height) }.min() ?? 0
    guard lag >= 1, 2 * lag <= side else {
      throw StackIOError.badJob(
        faults: [
          "model.turbulence.distanceMeters is \(turbulence.distanceMeters), which is "
            + "\(lag) pixels of \(geometry.pixelSizeMeters) m, and the amplitude of the maps of the "
            + "atmosphere can be measured at 1 to \(side / 2) pixels: change the distance, or keep "
            + "their amplitude"
        ])
    }
    return turbulence.rmsDifferenceMeters
      / (try amplitude(lag: lag, radiansPerMeter: radiansPerMeter))
  }

  /// The rms difference at a lag along rows and columns over all maps, in m; for a lag of 0 the rms
  /// about each map's mean.
  private func amplitude(lag: Int, radiansPerMeter: Double) throws -> Double {
    if let known = amplitudes.withLock({ $0[lag] }) { return known }
    var (sum, count) = (0.0, 0)
    for path in paths {
      let raster = try rasters.delay(path)
      let meters = raster.unit == .radians ? 1 / radiansPerMeter : 1
      let (width, values) = (raster.width, raster.values)
      func add(_ difference: Float) {
        guard difference.isFinite else { return }
        let square = Double(difference) * meters
        sum += square * square
        count += 1
      }
      if lag == 0 {
        let mean = Float(raster.statistics?.mean ?? 0)
        for value in values { add(value - mean) }
      } else {
        for row in 0..<raster.height {
          for column in 0..<width {
            let here = row * width + column
            if column + lag < width { add(values[here + lag] - values[here]) }
            if row + lag < raster.height { add(values[here + lag * width] - values[here]) }
          }
        }
      }
    }
    let found = count > 0 ? (sum / Double(count)).squareRoot() : 0
    guard found > 0 else {
      throw StackIOError.badJob(
        faults: ["the maps of the atmosphere are constant, so they cannot be scaled: keep them"])
    }
    amplitudes.withLock { $0[lag] = found }
    return found
  }
}
