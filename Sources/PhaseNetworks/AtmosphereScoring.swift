import Foundation
import Kernel
import RunSupport

/// How well a method removed the atmosphere from maps whose truth is known, and what it took from the
/// deformation. All numbers are in cm, after the constant of each map is removed; those of several maps are
/// means over maps.
package struct AtmosphereScore: Codable, Sendable, Equatable {
  /// Maps of similar strength.
  package struct Group: Codable, Sendable, Equatable {
    /// What the maps are grouped by: `all`, `atmosphere` or `deformation`.
    package var by: String
    /// Of the root mean square in cm, from `from` to below `to`.
    package var from = 0.0
    package var to = 0.0
    package var maps = 0
    /// Root mean squares of the atmosphere and of the deformation.
    package var atmosphereRMSCM = 0.0
    package var deformationRMSCM = 0.0
    /// Root mean square of the corrected map's error; that of a map that is left alone is the atmosphere's.
    package var errorRMSCM = 0.0
    /// Fraction of maps that are nearer to the truth than before.
    package var improved = 0.0
    /// Root mean square of what the method takes from a map without atmosphere.
    package var takenRMSCM = 0.0
  }

  package var method: String
  package var groups: [Group]
  package var cpuMillisecondsPerMegapixel = 0.0

  package var all: Group { groups[0] }

  static let atmosphereLimits = [0, 0.5, 1, 2, 1e6]
  static let deformationLimits = [0, 0.5, 2, 8, 1e6]
}

/// Scores networks, and what needs no training, on the same maps.
package struct AtmosphereScoring {
  package var samples: AtmosphereSamples
  package var count: Int
  package var networks: [(name: String, processor: AtmosphereProcessor)]
  /// Standard deviation of the high-pass filter's window, as a fraction of a map's side.
  package var highPassFraction = 0.125

  package init(
    samples: AtmosphereSamples, count: Int,
    networks: [(name: String, processor: AtmosphereProcessor)]
  ) {
    (self.samples, self.count, self.networks) = (samples, count, networks)
  }

  /// A map in cm -> the corrected map.
  private typealias Method = (name: String, correct: ([Float]) throws -> [Float])

  private var methods: [Method] {
    let side = samples.size
    let fixed: [Method] = [
      ("no correction", { $0 }),
      ("plane removed", { SurfaceRemoval.withoutPlane($0, width: side) }),
      (
        "high-pass",
        {
          SurfaceRemoval.highPassed(
            $0, width: side, deviationPixels: Double(side) * highPassFraction)
        }
      ),
    ]
    return networks.map { name, processor in
      (
        name,
        { map in
          let estimate = try processor.estimate(centimeters: map, width: side, height: side)
          return zip(map, estimate).map { $0 - $1 }
        }
      )
    } + fixed
  }

  /// - Parameter progress: called with the number of maps done; what it throws ends the work.
  /// - Throws: `PhaseNetworkError.samples` without known atmosphere.
  package func run(_ progress: (Int) throws -> Void = { _ in }) throws -> [AtmosphereScore] {
    guard let known = samples.known, count > 0 else {
      throw PhaseNetworkError.samples(
        path: "the samples", reason: "there is no map whose atmosphere is known",
        remedy: "Give a dataset of the recipe 'atmosphere'.")
    }
    let methods = methods
    var sums = methods.map { AtmosphereScoreSum($0.name) }
    for number in 0..<count {
      let sample = try known(number)
      let map = sample.withAtmosphereCM
      guard map.contains(where: \.isFinite) else { continue }
      for (place, method) in methods.enumerated() {
        let start = ProcessUsage.current().cpuSeconds
        let corrected = try method.correct(map)
        let seconds = ProcessUsage.current().cpuSeconds - start
        let clean = try method.correct(sample.deformationCM)
        sums[place].add(sample, corrected: corrected, cleanCorrected: clean, cpuSeconds: seconds)
      }
      try progress(number + 1)
    }
    return sums.map(\.result)
  }
}

/// Adds up a score over maps.
package struct AtmosphereScoreSum {
  private var score: AtmosphereScore
  private var cpuSeconds = 0.0
  private var pixels = 0

  package init(_ method: String) {
    func groups(_ name: String, _ limits: [Double]) -> [AtmosphereScore.Group] {
      zip(limits, limits.dropFirst()).map { .init(by: name, from: $0, to: $1) }
    }
    score = AtmosphereScore(
      method: method,
      groups: groups("all", [0, 1e6]) + groups("atmosphere", AtmosphereScore.atmosphereLimits)
        + groups("deformation", AtmosphereScore.deformationLimits))
  }

  /// - Parameters:
  ///   - corrected: what the method made of the map with atmosphere, in cm.
  ///   - cleanCorrected: what it made of the deformation alone.
  package mutating func add(
    _ sample: AtmosphereSample, corrected: [Float], cleanCorrected: [Float], cpuSeconds: Double
  ) {
    func difference(_ a: [Float], _ b: [Float]) -> Double {
      MapStatistics(zip(a, b).map { $0 - $1 }).rms
    }
    let atmosphere = MapStatistics(sample.atmosphereCM)
    let deformation = MapStatistics(sample.deformationCM).rms
    let error = difference(corrected, sample.deformationCM)
    let taken = difference(cleanCorrected, sample.deformationCM)
    pixels += atmosphere.count
    self.cpuSeconds += cpuSeconds
    for index in score.groups.indices {
      let group = score.groups[index]
      let strength = group.by == "deformation" ? deformation : atmosphere.rms
      guard strength >= group.from, strength < group.to else { continue }
      score.groups[index].maps += 1
      score.groups[index].atmosphereRMSCM += atmosphere.rms
      score.groups[index].deformationRMSCM += deformation
      score.groups[index].errorRMSCM += error
      score.groups[index].improved += error < atmosphere.rms * (1 - 1e-6) ? 1 : 0
      score.groups[index].takenRMSCM += taken
    }
  }

  package var result: AtmosphereScore {
    var score = score
    for index in score.groups.indices {
      let count = Double(max(1, score.groups[index].maps))
      score.groups[index].atmosphereRMSCM /= count
      score.groups[index].deformationRMSCM /= count
      score.groups[index].errorRMSCM /= count
      score.groups[index].improved /= count
      score.groups[index].takenRMSCM /= count
    }
    score.cpuMillisecondsPerMegapixel = cpuSeconds * 1e9 / Double(max(1, pixels))
    return score
  }
}
