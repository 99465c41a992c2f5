import InSARSimulation

// Ground truth: a magma chamber 4 km deep that lifts the ground above it by 5 cm/yr.
let grid = try SceneGrid(width: 128, height: 128, pixelSizeMeters: 90)
let chamber = try MogiSource(
  eastMeters: 5760, northMeters: 5760, depthMeters: 4000, peakUpCMPerYear: 5)
let radar = try RadarGeometry(.sentinel1)
let truth = try Scene(grid: grid, lineOfSight: LineOfSight(radar), sources: [chamber])
  .rateCMPerYear()

// Four years, a date every 48 days; every interferogram has turbulence, a ramp and decorrelation.
let network = try InterferogramNetwork(
  start: AcquisitionDate("20200101"), count: 31, everyDays: 48, seed: 1)
let stack = try InterferogramStack(
  rateCMPerYear: truth,
  geometry: StackGeometry(width: 128, height: 128, pixelSizeMeters: 90, radar: radar),
  network: network, seed: 1)
var phases: [[Float]] = []
var coherences: [[Float]] = []
try stack.forEachInterferogram {
  phases.append($0.unwrappedRadians)
  coherences.append($0.coherence)
}

// Interferograms know motion only relative to some pixel; here, the one in the first corner.
let middle = 64 * 128 + 64
let corner = 0
let estimate = try LinearRateInversion(network: network, radar: radar)
  .invert(
    unwrappedRadians: phases, coherence: coherences,
    referenceRadians: referencePhases(of: phases, pixel: corner, network: network))
print("true rate in the middle, relative to the corner: \(truth[middle] - truth[corner]) cm/yr")
print("estimated from \(phases.count) interferograms: \(estimate.rateCMPerYear[middle]) cm/yr")
