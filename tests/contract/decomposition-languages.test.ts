import { breakdown, candidacyOf, Task } from '@vivarium/core';
import { describe, expect, it } from 'vitest';

const kind = (prompt: string) => candidacyOf(Task.parse({ id: 't', prompt })).kind;

/** Several tasks, however they are written: the rules either cut them or are not sure, and then a model is asked. */
const SEVERAL: readonly string[] = [
  'Measure the garden; water the plants; mow the lawn',
  'Measure the garden, water the plants, mow the lawn',
  'Measure the garden. Water the plants. Mow the lawn.',
  'Mow the lawn; water the plants',
  'Mow the lawn, water the plants, trim the hedge',
  'Miss den Garten; gieße die Pflanzen; mähe den Rasen',
  'Miss den Garten, gieße die Pflanzen, mähe den Rasen',
  'Miss den Garten, dann gieße die Pflanzen',
  'Miss den Garten. Gieße die Pflanzen. Mähe den Rasen.',
  'Mesure le jardin ; arrose les plantes ; tonds la pelouse',
  'Mesure le jardin puis arrose les plantes',
  'Mide el jardín, luego riega las plantas, después corta el césped',
  'Mide el jardín\nRiega las plantas\nCorta el césped',
  'Измерь сад; полей растения; подстриги газон',
  'Измерь сад, затем полей растения',
  '测量花园；浇灌植物；修剪草坪',
  '测量花园，然后浇灌植物',
  '测量花园。浇灌植物。修剪草坪。',
  '庭を測る。植物に水をやる。芝を刈る。',
  '庭を測って、その後植物に水をやる',
  'قِس الحديقة؛ اسقِ النباتات؛ قُصّ العشب',
  '- Miss den Garten\n- Gieße die Pflanzen',
  '• Mesure le jardin\n• Arrose les plantes',
  'Gartenarbeit:\n- messen\n- gießen\n- mähen',
  '・庭を測る\n・植物に水をやる',
  '1. Miss den Garten\n2. Gieße die Pflanzen',
  '1) Mide el jardín 2) Riega las plantas',
  'a. Mesure le jardin\nb. Arrose les plantes',
  '(a) Miss den Garten (b) gieße die Pflanzen',
  '① 测量花园 ② 浇灌植物',
  '一、测量花园\n二、浇灌植物',
  '١. قس الحديقة\n٢. اسق النباتات',
  '1. Write a haiku about rivers\n2. Write a limerick about trains',
  'Add compost to the beds; mow the lawn; sharpen the blades',
];

/** One thing to do: no model is asked. */
const ONE: readonly string[] = [
  'Write a haiku about moss.',
  'Say hello',
  'Name a plant of the shade',
  'Write a haiku about sea, sand and salt',
  'List apples, pears and plums',
  'Compare test coverage, build times, and design reviews',
  'Write about:\n- sea\n- sand\n- salt',
  'What is the capital of France? Answer briefly.',
  'Write a poem about the harbour. Do not mention rain.',
  'Our shop sells tea. Write a slogan.',
  'Say "one; two; three" aloud',
  'Schreibe ein Haiku über Moos.',
  'Schreibe ein Gedicht, das kurz ist',
  'Schreibe über Hunde, Katzen, Mäuse',
  'Écris un poème sur la mer',
  'Escribe un haiku sobre el mar y la arena.',
  'Напиши хокку о море',
  '写一首关于大海的诗',
  '海についての俳句を書いて',
  'اكتب قصيدة عن البحر',
  'Draw version 1. of the map',
];

describe('several tasks in any language', () => {
  it.each(SEVERAL)('is not called one task: %s', (text) => {
    const { subtasks, sure } = breakdown(text);
    expect(subtasks.length >= 2 || !sure).toBe(true);
    expect(kind(text)).toBe('signals');
  });
});

describe('one task in any language', () => {
  it.each(ONE)('asks nobody: %s', (text) => {
    expect(breakdown(text)).toEqual({ subtasks: [], sure: true });
    expect(kind(text)).toBe('no');
  });
});
