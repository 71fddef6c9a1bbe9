import type { LabelAgreement, LabelProject } from '../../../../src/inference/predict/api/labelSchema.ts';
import { changeProject, readAgreement } from '../../api/labelProject.ts';
import { useLoaded } from '../../api/useLoaded.ts';
import { Failure } from '../../components/Failure.tsx';
import { language } from '../../i18n/language.ts';
import { labelTexts } from './texts.ts';

interface PeoplePanelProps {
  readonly project: LabelProject;
  readonly onChange: (project: LabelProject) => void;
  readonly onAdjudicate: () => void;
}

type Figure = LabelAgreement['alpha'];
const figure = ({ value, interval }: Figure): string =>
  value === null
    ? '–'
    : `${value.toFixed(2)}${interval ? ` (${interval.map((bound) => bound.toFixed(2)).join(' – ')})` : ''}`;

/** Who labels, how sentences are given out, how far people agree, and what is to be decided between them. */
export function PeoplePanel({ project, onChange, onAdjudicate }: PeoplePanelProps) {
  const t = labelTexts();
  const lang = language.value;
  const { value: agreement, error } = useLoaded('agreement', readAgreement);
  const { settings, counts } = project;
  const change = (name: keyof typeof settings, value: number) =>
    changeProject({ settings: { [name]: value } }).then(onChange, () => {});
  const titleOf = (relation: string) =>
    relation === project.no_relation
      ? t.none
      : (project.relations.find(({ name }) => name === relation)?.title[lang] ?? relation);
  return (
    <>
      <section class="panel">
        <h2>{t.people}</h2>
        <table>
          <thead>
            <tr>
              <th scope="col">{t.name}</th>
              <th scope="col" class="number">
                {t.finished}
              </th>
            </tr>
          </thead>
          <tbody>
            {project.people.map(({ name, done }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td class="number">{done}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <div class="label-filters">
          <label>
            {t.overlapShare}
            <input
              type="number"
              min={0}
              max={1}
              step={0.05}
              value={settings.overlap_share}
              onChange={({ currentTarget }) => change('overlap_share', currentTarget.valueAsNumber)}
            />
          </label>
          <label>
            {t.overlapPeople}
            <input
              type="number"
              min={1}
              max={20}
              value={settings.overlap_people}
              onChange={({ currentTarget }) => change('overlap_people', currentTarget.valueAsNumber)}
            />
          </label>
          <label>
            {t.goldShare}
            <input
              type="number"
              min={0}
              max={1}
              step={0.05}
              value={settings.gold_share}
              onChange={({ currentTarget }) => change('gold_share', currentTarget.valueAsNumber)}
            />
          </label>
        </div>
        {counts.disputed > 0 && (
          <button type="button" onClick={onAdjudicate}>
            {t.adjudicate} ({counts.disputed})
          </button>
        )}
      </section>
      <section class="panel">
        <h2>{t.agreement}</h2>
        {error !== null && <Failure error={error} />}
        {agreement && agreement.pairs === 0 && <p class="muted">{t.noAgreement}</p>}
        {agreement && agreement.pairs > 0 && (
          <>
            <p>
              {t.alpha}: <strong>{figure(agreement.alpha)}</strong> · {t.pairCount}: {agreement.pairs}
            </p>
            <div class="scroll-x" role="region" aria-label={t.agreement} tabIndex={0}>
              <table>
                <thead>
                  <tr>
                    <th scope="col">{t.relation}</th>
                    <th scope="col" class="number">
                      {t.pairCount}
                    </th>
                    <th scope="col" class="number">
                      {t.alpha}
                    </th>
                    <th scope="col" class="number">
                      {t.kappa}
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {agreement.relations.map(({ relation, pairs, alpha, kappa }) => (
                    <tr key={relation}>
                      <th scope="row">{titleOf(relation)}</th>
                      <td class="number">{pairs}</td>
                      <td class="number">{figure(alpha)}</td>
                      <td class="number">{figure(kappa)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
              <table>
                <thead>
                  <tr>
                    <th scope="col">{t.couple}</th>
                    <th scope="col" class="number">
                      {t.pairCount}
                    </th>
                    <th scope="col" class="number">
                      {t.kappa}
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {agreement.couples.map(({ first, second, pairs, kappa }) => (
                    <tr key={`${first} ${second}`}>
                      <th scope="row">
                        {first} · {second}
                      </th>
                      <td class="number">{pairs}</td>
                      <td class="number">{figure(kappa)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </>
        )}
        {agreement && agreement.gold.length > 0 && (
          <>
            <h3>{t.gold}</h3>
            <ul>
              {agreement.gold.map(({ person, pairs, right, interval }) => (
                <li key={person}>
                  {person}: {figure({ value: right / pairs, interval })} ({right}/{pairs})
                </li>
              ))}
            </ul>
          </>
        )}
      </section>
    </>
  );
}
