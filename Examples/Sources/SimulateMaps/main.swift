import InSARSimulation

let grid = try SceneGrid(width: 256, height: 256, pixelSizeMeters: 90)
let map = try ScenePreset.named("sun").sample(grid: grid, seed: 1, index: 0)
print("rates of \(map.rateCMPerYear.min()!) to \(map.rateCMPerYear.max()!) cm/yr")
