import Foundation
import InSARPhase
import Kernel

/// Numbers of the preset `deepinsar-v1`: phases in rad, lengths in pixels.
public struct DeepInSARSettings: Codable, Sendable, Equatable {
  public var bubbleCount = 150
  public var bubbleSigmaPixels = 1.0...150.0
  public var bubbleAmplitudeRadians = -6.0...6.0
  /// Amplitude of the backscatter, from the left edge to the right.
  public var amplitudeLeft = 0.1
  public var amplitudeRight = 1.1
  /// Stripes are where white noise of this standard deviation, smoothed, is below the threshold.
  public var stripeNoise = 500.0
  public var stripeSmoothingPixels = 12.0
  public var stripeThreshold = 3.0
  public var stripeAmplitude = 0.1
  /// Deviation of the noise on the real and imaginary part of each of the two images.
  public var noiseSigma = 0.3...0.8
  public var reading = PhaseReading(.terraSARX)

  public init() {}
}

struct DeepInSARRecord: Encodable, Sendable {
  var reading: PhaseReading
  var bubbles: [GaussianShape]
  var noiseSigma: Double
  var stripeSeed: UInt64
  var noiseSeed: UInt64
}

extension ScenePreset {
  public static let deepInSARv1 = ScenePreset(
    name: "deepinsar-v1",
    summary: "many Gaussian phases, an amplitude ramp with stripes, two noisy images, coherence",
    source: "Sun et al., DeepInSAR, Remote Sensing 12(14), 2340, 2020, first data set",
    pixelSizeMeters: 10, settings: DeepInSARSettings()
  ) { grid, _, random in
    let settings = DeepInSARSettings()
    var shapes = ShapeRandom(random: random, width: grid.width, height: grid.height)
    let bubbles = (0..<settings.bubbleCount).map { _ in
      shapes.gaussian(
        amplitude: settings.bubbleAmplitudeRadians, sigma: settings.bubbleSigmaPixels)
    }
    let record = DeepInSARRecord(
      reading: settings.reading, bubbles: bubbles,
      noiseSigma: shapes.random.uniform(settings.noiseSigma), stripeSeed: shapes.random.next(),
      noiseSeed: shapes.random.next())
    let plane = PixelPlane(width: grid.width, height: grid.height)
    for bubble in bubbles { bubble.add(to: plane) }
    let phase = plane.values()
    let amplitude = deepInSARAmplitude(settings, grid: grid, seed: record.stripeSeed)
    return SimulatedSample(
      grid: grid, rateCMPerYear: settings.reading.rateCMPerYear(radians: phase),
      layers: [
        SampleLayer("phase", .radians, phase),
        SampleLayer(
          "noisy-wrapped-phase", .radians,
          noisyInterferogram(
            phase: phase, amplitude: amplitude, sigma: record.noiseSigma, seed: record.noiseSeed)),
        SampleLayer("amplitude", nil, amplitude),
        SampleLayer(
          "coherence", nil,
          amplitude.map { deepInSARCoherence(amplitude: $0, sigma: Float(record.noiseSigma)) }),
      ], record: record)
  }
}

/// |E[s1 conj(s2)]| / E[|s|^2] of two images of one amplitude with independent noise of deviation sigma
/// on real and imaginary part: A^2 / (A^2 + 2 sigma^2).
func deepInSARCoherence(amplitude: Float, sigma: Float) -> Float {
  amplitude * amplitude / (amplitude * amplitude + 2 * sigma * sigma)
}

/// A ramp from left to right, and stripes along the zero crossings of smooth noise.
func deepInSARAmplitude(_ settings: DeepInSARSettings, grid: SceneGrid, seed: UInt64) -> [Float] {
  var random = CounterRandom(seed, .amplitudeStripes)
  let white = (0..<grid.count).map { _ in Float(settings.stripeNoise * random.normal()) }
  let smooth = gaussianSmoothed(
    white, width: grid.width, height: grid.height, sigmaPixels: settings.stripeSmoothingPixels)
  let left = Float(settings.amplitudeLeft)
  let step = Float(settings.amplitudeRight - settings.amplitudeLeft) / Float(max(1, grid.width - 1))
  return smooth.indices.map { pixel in
    abs(smooth[pixel]) < Float(settings.stripeThreshold)
      ? Float(settings.stripeAmplitude) : left + step * Float(pixel % grid.width)
  }
}

/// The wrapped phase of s1 conj(s2): s1 has the phase, s2 has phase zero, each with its own noise.
func noisyInterferogram(
  phase: [Float], amplitude: [Float], sigma: Double, seed: UInt64
) -> [Float] {
  var random = CounterRandom(seed, .imageNoise)
  func noise() -> Float { Float(sigma * random.normal()) }
  return phase.indices.map { pixel in
    let (a, p) = (amplitude[pixel], phase[pixel])
    let real1 = a * cos(p) + noise()
    let imaginary1 = a * sin(p) + noise()
    let real2 = a + noise()
    let imaginary2 = noise()
    return wrapped(
      atan2(
        imaginary1 * real2 - real1 * imaginary2, real1 * real2 + imaginary1 * imaginary2))
  }
}

/// Convolved with a Gaussian cut off at four sigmas; values repeat mirrored beyond the edges.
func gaussianSmoothed(
  _ values: [Float], width: Int, height: Int, sigmaPixels: Double
) -> [Float] {
  let reach = max(1, Int((4 * sigmaPixels).rounded()))
  var kernel = (-reach...reach).map {
    Float(exp(-Double($0 * $0) / (2 * sigmaPixels * sigmaPixels)))
  }
  let sum = kernel.reduce(0, +)
  kernel = kernel.map { $0 / sum }
  func mirrored(_ index: Int, _ count: Int) -> Int {
    let period = 2 * count
    let rest = ((index % period) + period) % period
    return rest < count ? rest : period - 1 - rest
  }
  var across = [Float](repeating: 0, count: values.count)
  for row in 0..<height {
    for column in 0..<width {
      var sum: Float = 0
      for k in -reach...reach {
        sum += kernel[k + reach] * values[row * width + mirrored(column + k, width)]
      }
      across[row * width + column] = sum
    }
  }
  var result = [Float](repeating: 0, count: values.count)
  for row in 0..<height {
    for k in -reach...reach {
      let source = mirrored(row + k, height) * width
      let weight = kernel[k + reach]
      for column in 0..<width { result[row * width + column] += weight * across[source + column] }
    }
  }
  return result
}
