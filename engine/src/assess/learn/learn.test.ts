import { describe, expect, it } from 'vitest';
import { bestLabels, marginals } from './chain.ts';
import { growForest } from './isolation-forest.ts';
import { createIsolationScore } from './isolation-score.ts';
import { type Example, scores, softmax, trainLogistic } from './logistic.ts';
import { bootstrapInterval, calibrationError, confusionMatrix, macroF1, quadraticKappa } from './metrics.ts';
import { createRandom, shuffle } from './random.ts';
import { trainChain } from './train-chain.ts';

describe('metrics give the textbook’s numbers', () => {
  it('quadratic kappa of a worked example', () => {
    // By hand: squared distances observed 3, expected by chance 126 / 10.
    const matrix = confusionMatrix([0, 0, 1, 1, 2, 2, 2, 0, 1, 2], [0, 1, 1, 1, 2, 2, 1, 0, 2, 2], 3);
    expect(matrix).toEqual([
      [2, 1, 0],
      [0, 2, 1],
      [0, 1, 3],
    ]);
    expect(quadraticKappa(matrix)).toBeCloseTo(1 - 3 / 12.6, 9);
  });

  it('kappa is 1 for full agreement and 0 for a constant answer', () => {
    expect(
      quadraticKappa([
        [5, 0],
        [0, 7],
      ]),
    ).toBe(1);
    expect(
      quadraticKappa([
        [5, 0],
        [7, 0],
      ]),
    ).toBeCloseTo(0);
  });

  it('macro F1 leaves out classes that never occur', () => {
    expect(
      macroF1([
        [4, 0, 0],
        [2, 2, 0],
        [0, 0, 0],
      ]),
    ).toBeCloseTo((8 / 10 + 4 / 6) / 2);
  });

  it('an answer that is as often right as it says has no calibration error', () => {
    expect(calibrationError([0.75, 0.75, 0.75, 0.75], [true, true, true, false])).toBeCloseTo(0);
    expect(calibrationError([0.99, 0.99], [false, false])).toBeCloseTo(0.99);
  });

  it('the bootstrap’s interval holds the mean it resamples', () => {
    const [low, high] = bootstrapInterval(
      Array.from({ length: 200 }, (_, at) => [at]),
      (items) => items.filter((item) => item % 2).length / items.length,
      createRandom(1),
    );
    expect(low).toBeLessThan(0.5);
    expect(high).toBeGreaterThan(0.5);
    expect(high - low).toBeLessThan(0.2);
  });
});

describe('logistic regression', () => {
  const examples: Example[] = Array.from({ length: 120 }, (_, at) => ({
    features: Uint32Array.of(at % 3, 3 + (at % 2)),
    target: Float64Array.from([0, 1, 2], (label) => (label === at % 3 ? 1 : 0)),
    weight: 1,
  }));
  const options = { epochs: 30, learningRate: 0.3, decay: () => 0.1, seed: 4 };

  it('learns what tells the classes apart and leaves alone what does not', () => {
    const model = trainLogistic(examples, 5, 3, options);
    for (const [label, example] of examples.slice(0, 3).entries())
      expect(softmax(scores(model, example.features), 1)[label]).toBeGreaterThan(0.9);
  });

  it('gives the same weights for the same seed', () => {
    expect(trainLogistic(examples, 5, 3, options).weights).toEqual(trainLogistic(examples, 5, 3, options).weights);
  });

  it('a higher temperature is less sure and keeps the order', () => {
    const [sure, unsure] = [softmax(Float64Array.of(3, 1, 0), 1), softmax(Float64Array.of(3, 1, 0), 4)];
    expect(unsure[0]).toBeLessThan(sure[0] ?? 0);
    expect(unsure[0]).toBeGreaterThan(unsure[1] ?? 1);
  });
});

describe('the chain model', () => {
  // The second place says nothing by itself; only its neighbour tells.
  const chains = Array.from({ length: 60 }, (_, at) => ({
    places: [Uint32Array.of(at % 2), Uint32Array.of(2), Uint32Array.of(2)],
    labels: [at % 2, at % 2, at % 2],
    weight: 1,
  }));
  const model = trainChain(chains, 3, 2, {
    epochs: 20,
    learningRate: 0.3,
    decay: 0.001,
    hiddenShare: 0.1,
    seed: 2,
  });

  it('carries a label on to places that say nothing by themselves', () => {
    expect(bestLabels(model, [Uint32Array.of(0), Uint32Array.of(2), Uint32Array.of(2)])).toEqual([0, 0, 0]);
    expect(bestLabels(model, [Uint32Array.of(1), Uint32Array.of(2), Uint32Array.of(2)])).toEqual([1, 1, 1]);
  });

  it('gives chances that sum to one at every place', () => {
    const { places } = marginals(model, [Uint32Array.of(0), Uint32Array.of(2), Uint32Array.of(1)]);
    for (let at = 0; at < 3; at++) expect((places[2 * at] ?? 0) + (places[2 * at + 1] ?? 0)).toBeCloseTo(1, 9);
  });

  it('finds the path that trying every path finds', () => {
    const places = [Uint32Array.of(0), Uint32Array.of(2), Uint32Array.of(1), Uint32Array.of(2)];
    const cost = (labels: readonly number[]) =>
      labels.reduce(
        (total, label, at) =>
          total +
          (model.follows[(at === 0 ? 2 : (labels[at - 1] ?? 0)) * 2 + label] ?? 0) +
          [...(places[at] ?? [])].reduce((sum, feature) => sum + (model.weights[feature * 2 + label] ?? 0), 0),
        0,
      );
    const all = Array.from({ length: 16 }, (_, bits) => [0, 1, 2, 3].map((place) => (bits >> place) & 1));
    const best = all.reduce((a, b) => (cost(b) > cost(a) ? b : a));
    expect(bestLabels(model, places)).toEqual(best);
  });
});

describe('the isolation forest', () => {
  const random = createRandom(9);
  const rows = Array.from({ length: 2000 }, () => Float32Array.of(random(), random() * 2, 1));
  const forest = growForest(rows, { trees: 50, sampleSize: 256, seed: 3 });

  it('scores a far row above every ordinary one', () => {
    const isolationScore = createIsolationScore(forest);
    const far = isolationScore(Float32Array.of(9, -7, 1));
    expect(far).toBeGreaterThan(Math.max(...rows.slice(0, 300).map(isolationScore)));
    expect(far).toBeLessThanOrEqual(1);
  });

  it('takes rows that are all the same', () => {
    const same = growForest(
      Array.from({ length: 50 }, () => Float32Array.of(1, 1)),
      { trees: 5, sampleSize: 32, seed: 1 },
    );
    expect(createIsolationScore(same)(Float32Array.of(1, 1))).toBeCloseTo(0.5, 5);
  });

  it('gives the same forest for the same seed', () => {
    expect(growForest(rows, { trees: 3, sampleSize: 64, seed: 3 })).toEqual(
      growForest(rows, { trees: 3, sampleSize: 64, seed: 3 }),
    );
  });
});

it('a shuffle keeps every item, and not their order', () => {
  const shuffled = shuffle([1, 2, 3, 4, 5], createRandom(8));
  expect(shuffled).not.toEqual([1, 2, 3, 4, 5]);
  expect(shuffled.sort()).toEqual([1, 2, 3, 4, 5]);
});
